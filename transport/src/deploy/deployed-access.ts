import type { Store } from "../store/store.ts";
import type { Access } from "../topology/access.ts";
import { aclStates } from "./deploy-acls.ts";
import type { DeployHost } from "./host.ts";
import { readJournal } from "./journal.ts";

/**
 * Whose the streams of a component are, as its journal says it; undefined where nobody has said. Read when it is first asked for, and
 * once.
 */
export function deployedAccess(store: Pick<Store, "read">, component: string): () => Promise<Access | undefined> {
  let reading: Promise<Access | undefined> | undefined;
  return () => {
    reading ??= readJournal(store, component).then(({ deployed }) => deployed?.access);
    // What failed is asked for again.
    reading.catch(() => (reading = undefined));
    return reading;
  };
}

/** The rights on a component's streams, as they were deployed. */
export interface ComponentRights {
  readonly login: string;
  /** Streams whose rights are other ones now. */
  readonly changed: readonly string[];
}

/**
 * Compares rights with those that were deployed; undefined where nobody has said whose the streams are.
 * @throws ServerUnreachable, AccessRefused: metadata of queues are the administrators' to read
 */
export async function componentRights(
  host: Pick<DeployHost, "read">,
  component: string,
): Promise<ComponentRights | undefined> {
  const { deployed } = await readJournal(host, component);
  if (deployed?.access === undefined) return undefined;
  const states = await aclStates(host, component, deployed, deployed.access);
  const changed = states.filter(({ state }) => state === "absent" || state === "different");
  return { login: deployed.access.login, changed: changed.map(({ rights }) => rights.stream) };
}
