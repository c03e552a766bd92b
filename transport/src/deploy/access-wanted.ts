import { isDeepStrictEqual } from "node:util";
import type { Access } from "../topology/access.ts";
import type { Deployed } from "./deployed.ts";
import { aclStates, isClosedAsWanted } from "./deploy-acls.ts";
import type { DeployHost } from "./host.ts";

/** How the streams of components are given to logins. Names are logins or groups of the server's users. */
export interface AccessOptions {
  /** By component: the login that its instances run under. Default: the component's own name. */
  readonly logins?: Readonly<Record<string, string>>;
  /**
   * A group that the logins of all components that send to each other are members of: they read what others of it send. Default: every
   * login of the server may.
   */
  readonly members?: string;
  /** Who may look at everything of the components and change nothing. Default: nobody but administrators. */
  readonly readers?: readonly string[];
  /**
   * Streams whose metadata says nothing of rights, those of other applications included, become the members' alone: nobody else can
   * send to a component, or make streams at all. Takes `members`. Default false: the settings of the server are left as they are.
   */
  readonly closesServer?: boolean;
}

/** Whose the streams of each component are to be. @throws RangeError */
export function accessOf(
  { logins = {}, members, readers = [], closesServer = false }: AccessOptions,
  components: readonly string[],
): (component: string) => Access {
  if (closesServer && members === undefined)
    throw new RangeError("A server is closed to all but the members of a group: name that group.");
  for (const name of [...Object.values(logins), ...readers, ...(members === undefined ? [] : [members])])
    if (name === "") throw new RangeError("The name of a login or group is empty.");
  const all = [...new Set([...components, ...Object.keys(logins)])];
  return (component) => ({
    login: logins[component] ?? component,
    ...(members === undefined ? {} : { members }),
    readers: [...readers].toSorted(),
    others: all.filter((other) => other !== component).toSorted(),
    closesServer,
  });
}

/** With the other components that were known of before: a deployment of some does not forget the rest. Pure. */
export function accessWanted(access: Access | undefined, deployed: Deployed | undefined): Access | undefined {
  if (access === undefined) return undefined;
  const others = [...new Set([...access.others, ...(deployed?.access?.others ?? [])])].toSorted();
  return { ...access, others };
}

/** Whether rights are recorded as wanted, and are so on the server. @throws ServerUnreachable, AccessRefused */
export async function isAccessDeployed(
  host: Pick<DeployHost, "read">,
  component: string,
  deployed: Deployed | undefined,
  access: Access,
): Promise<boolean> {
  if (deployed === undefined || !isDeepStrictEqual(deployed.access, access)) return false;
  const states = await aclStates(host, component, deployed, access);
  return (
    states.every(({ state }) => state !== "absent" && state !== "different") && (await isClosedAsWanted(host, access))
  );
}
