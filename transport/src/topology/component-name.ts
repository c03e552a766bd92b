import { InvalidName } from "./invalid-name.ts";

const RESERVED = /^(subscriptions|retries|deferred|backfill|later|deployment|handled|attempts|parked)(\.|$)/;

/**
 * Refuses what cannot name a component. A stream's category ends at its first dash, so a dash would make the component's queue
 * `$ce-in.<name>` end in the middle of its name and mix it with another's. Names that would make one component's own stream
 * another's generated one (`in.D-<name>`, `out-<name>`, and `out-<name>.2` of a second generation) are refused too: two writers there would fault a projection for good
 * (spec 3.6).
 * @throws InvalidName
 */
export function requireComponentName(name: string): void {
  if (typeof name !== "string" || !/^[A-Za-z][A-Za-z0-9_.]*$/.test(name) || name.length > 100) {
    throw new InvalidName(
      "component",
      name,
      "begin with a letter and go on with letters, digits, _ and . (at most 100); a dash would end the category of its streams",
    );
  }
  if (/\.(direct|routed|\d+)$/.test(name) || RESERVED.test(name)) {
    throw new InvalidName(
      "component",
      name,
      "not end in .direct, .routed or a dot and digits, nor be or begin with subscriptions, retries, deferred, backfill, later, deployment, handled, attempts or parked: generated streams are called so",
    );
  }
}

/**
 * Refuses what cannot name the category of an aggregate's streams: the rules of components, since its router writes `out-<name>`
 * beside theirs, and no category that the topology itself uses.
 * @throws InvalidName
 */
export function requireCategoryName(name: string): void {
  requireComponentName(name);
  if (/^(in|out|intermediate|later|deployment|handled|attempts|parked)(\.|$)/.test(name)) {
    throw new InvalidName(
      "category",
      name,
      "not be in, out, intermediate, later, deployment, handled, attempts or parked: the transport's own streams are called so",
    );
  }
}
