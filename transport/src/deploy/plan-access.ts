import { type Access, type ProjectedStreams, type UncoveredStreams, uncoveredBy } from "../topology/access.ts";
import type { ComponentShape } from "../topology/shape.ts";
import { aclStates, type AclState, isClosedAsWanted, SETTINGS } from "./deploy-acls.ts";
import type { Deployed } from "./deployed.ts";
import type { DeployHost } from "./host.ts";
import { ifRefused } from "./if-refused.ts";
import type { PlannedStep } from "./planned-step.ts";
import { metadataOfUser } from "./stream-acl.ts";

/** What a plan says of the rights on a component's streams beside the steps. */
export interface AccessPlan {
  readonly login: string;
  /** The group that it should be a member of; absent where there is none. */
  readonly members?: string;
  /** Streams that get no rights from any deployment, and what that means. */
  readonly uncovered: readonly UncoveredStreams[];
  /** Streams that the server's projections have not begun: the next deployment after that gives them their rights. */
  readonly notThereYet: readonly string[];
  /** Why the login may not be able to do its work; undefined where nothing is known against it. */
  readonly loginProblem?: "no such user" | "disabled" | "no member";
}

/**
 * Plans the rights of a component.
 * @throws ServerUnreachable, AccessRefused: metadata of queues are the administrators' to read
 */
export async function planAccess(
  host: Pick<DeployHost, "read">,
  shape: ComponentShape,
  deployed: Deployed,
  access: Access,
): Promise<{ readonly steps: readonly PlannedStep[]; readonly plan: AccessPlan }> {
  const { name, categories } = shape;
  const states = await aclStates(host, name, projectedOf(shape, deployed), access);
  const loginProblem = await problemOf(host, access);
  return {
    steps: [...states.flatMap(stepOf), ...((await isClosedAsWanted(host, access)) ? [] : [SETTINGS_STEP])],
    plan: {
      login: access.login,
      ...(access.members === undefined ? {} : { members: access.members }),
      uncovered: uncoveredBy(name, Object.keys(categories), access),
      notThereYet: states.filter(({ state }) => state === "not there yet").map(({ rights }) => rights.stream),
      ...(loginProblem === undefined ? {} : { loginProblem }),
    },
  };
}

const SETTINGS_STEP = { kind: "acl", name: SETTINGS, action: "update" } as const;

const stepOf = ({ rights: { stream, acl }, state }: AclState): readonly PlannedStep[] =>
  state === "absent" || state === "different"
    ? [{ kind: "acl", name: stream, action: state === "absent" ? "create" : "update", acl }]
    : [];

/** What will be there when it is deployed. */
const projectedOf = ({ name, events, categories }: ComponentShape, deployed: Deployed): ProjectedStreams => ({
  routers: {
    ...Object.fromEntries([name, ...Object.keys(categories)].map((owner) => [owner, { generation: 1 }])),
    ...deployed.routers,
  },
  filter: deployed.filter ?? (Object.keys(events).length === 0 ? undefined : { generation: 1 }),
  backfills: deployed.backfills,
});

/** Whom the server knows stands in streams that only administrators read. A group may be named in a login's place. */
async function problemOf(
  host: Pick<DeployHost, "read">,
  { login, members }: Access,
): Promise<AccessPlan["loginProblem"]> {
  const [last] = await host.read(`$user-${login}`, { direction: "backwards", limit: 1 }).catch(ifRefused([]));
  if (last?.event === undefined) return login.startsWith("$") ? undefined : "no such user";
  const { isDisabled, groups } = metadataOfUser(last.event.data);
  if (isDisabled) return "disabled";
  return members === undefined || login === members || groups.has(members) || groups.has("$admins")
    ? undefined
    : "no member";
}
