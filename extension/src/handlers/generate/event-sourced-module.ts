import { type CodeStyle, quoted } from "../code-style.ts";
import { idMember, member } from "./body-from.ts";
import type { Drafts } from "./drafts.ts";
import { type KnownMessage, refer } from "./known-message.ts";
import { end, list, listLines } from "./layout.ts";
import type { ModuleDraft } from "./module-draft.ts";
import { whetherIt } from "./names.ts";

export interface EventSourcedParts {
  readonly kind: "aggregate" | "process-manager";
  readonly category: string;
  /** The name that it is declared by. */
  readonly name: string;
  /** What it decides on, or what begins it. */
  readonly taken: KnownMessage;
  /** Its own event, with the same body. */
  readonly own: KnownMessage;
}

/** The state that says whether its own event has happened. */
export const stateOf = ({ own }: Pick<EventSourcedParts, "own">): string => whetherIt(own.identifier);

/**
 * Writes an aggregate, or a process manager, that records an event of its own once: two pure functions, to go on from.
 * @returns its text, for a module of its own or one that is there.
 */
export async function eventSourcedText(module: ModuleDraft, parts: EventSourcedParts, drafts: Drafts): Promise<string> {
  const { style } = module;
  const { kind, category, name, taken, own } = parts;
  const takenName = await refer(module, taken, drafts);
  const ownName = await refer(module, own, drafts);
  const builder = kind === "aggregate" ? "a" : "p";
  const declare =
    kind === "aggregate"
      ? module.import("@sluice/transport", "aggregate", ["declareAggregate"])
      : module.import("@sluice/transport", "processManager", ["declareProcessManager"]);
  const state = stateOf(parts);
  const idOf = idText(taken, style);
  const inner = style.indent;
  const decide = listLines(
    `${inner}${builder}.${kind === "aggregate" ? "decide" : "startedBy"}(`,
    [takenName, idOf, `(state, message) => (state.${state} ? [] : [${ownName}(message)])`],
    `)${end(style)}`,
    style,
    inner,
  );
  const evolve = `${inner}${builder}.evolve(${ownName}, () => ({ ${state}: true }))${end(style)}`;
  const head = list(
    `export const ${name} = ${declare}(`,
    [quoted(category, style), `{ ${state}: false }`, `{ events: [${ownName}] }`, `(${builder}) => {`],
    "",
    style,
  );
  const isBroken = head.includes("\n");
  if (!isBroken) return `${head}\n${decide}\n${evolve}\n})${end(style)}`;
  const block = `(${builder}) => {\n${decide}\n${evolve}\n}`;
  return listLines(
    `export const ${name} = ${declare}(`,
    [quoted(category, style), `{ ${state}: false }`, `{ events: [${ownName}] }`, block],
    `)${end(style)}`,
    style,
  );
}

/** How the instance is told that a message is for. */
function idText({ body }: KnownMessage, style: CodeStyle): string {
  const id = idMember(body);
  if (id === undefined) return "(_message, context) => context.correlationId";
  const value = member("message", id.name, style);
  return `(message) => ${id.isText ? value : `String(${value})`}`;
}

/** Writes a decision on a further message, and that what it records changes nothing yet: a text for the builder of that name. */
export async function decisionText(
  module: ModuleDraft,
  { kind, taken, event }: Pick<EventSourcedParts, "kind" | "taken"> & { readonly event: string },
  drafts: Drafts,
): Promise<(builder: string) => string> {
  const { style } = module;
  const message = await refer(module, taken, drafts);
  const items = [message, idText(taken, style), `(_state, message) => [${event}(message)]`];
  const method = kind === "aggregate" ? "decide" : "startedBy";
  return (builder) =>
    `${listLines(`${builder}.${method}(`, items, ")", style)}${end(style)}\n${builder}.evolve(${event})`;
}

/** Writes a view that counts an event: the least that a view can be. */
export async function viewText(
  module: ModuleDraft,
  { name, called, taken }: { readonly name: string; readonly called: string; readonly taken: KnownMessage },
  drafts: Drafts,
): Promise<string> {
  const { style } = module;
  const event = await refer(module, taken, drafts);
  const declare = module.import("@sluice/transport", "view", ["declareView"]);
  const [one, two] = [style.indent, style.indent.repeat(2)];
  const fold = "(state) => ({ count: state.count + 1 })";
  const items = [
    quoted(called, style),
    "() => ({ count: 0 })",
    `(v) => {\n${one}v.on(${event}, ${fold})${end(style)}\n}`,
  ];
  const line = `${one}v.on(${event}, ${fold})${end(style)}`;
  const text = listLines(`export const ${name} = ${declare}(`, items, `)${end(style)}`, style);
  return two.length + line.length - one.length <= style.width
    ? text
    : text.replace(`v.on(${event}, ${fold})`, listLines("v.on(", [event, fold], ")", style, two));
}
