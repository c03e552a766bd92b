import { serverVariable } from "../security/server-variable.ts";

/** Options of the real server by their names there, and what they are called here. */
const OURS: ReadonlyMap<string, string> = new Map([
  ["db", "data"],
  ["mem-db", "memory"],
  ["node-port", "port"],
  ["node-ip", "host"],
  ["certificate-file", "cert"],
  ["certificate-private-key-file", "key"],
  ["insecure", "insecure"],
  ["max-append-size", "max-append-size"],
  ["max-projection-state-size", "max-projection-state-size"],
  ["start-standard-projections", "start-standard-projections"],
]);

/** Those that are given as true or false, or alone for true. */
const SWITCHES: ReadonlySet<string> = new Set(["memory", "tls", "insecure", "json", "start-standard-projections"]);
/** Of these only one counts: what is typed wins over what the environment says. */
const RIVALS: readonly (readonly string[])[] = [
  ["data", "memory"],
  ["tls", "cert", "key", "insecure"],
];

export const SERVER_NAMES: readonly string[] = [...OURS.keys()];

export interface Terms {
  /** The command line in this server's own terms; a switch comes with true or false. */
  readonly args: readonly string[];
  /** Of each option that the environment has given the variable that did. */
  readonly variables: ReadonlyMap<string, string>;
}

/**
 * What was typed, options under the real server's names renamed, and what the environment says (`EVENTSTORE_MEM_DB`,
 * `KURRENTDB_NODE_PORT`) where nothing typed says otherwise.
 */
export function inOurTerms(args: readonly string[], environment: NodeJS.ProcessEnv): Terms {
  const typed = renamed(args);
  const said = new Set(typed.flatMap(nameIn));
  const chosen = new Set(typed.filter((arg) => !isOff(arg)).flatMap(nameIn));
  const added: string[] = [];
  const variables = new Map<string, string>();
  for (const [theirs, ours] of OURS) {
    const variable = serverVariable(theirs.toUpperCase().replaceAll("-", "_"), environment);
    const rivals = RIVALS.find((group) => group.includes(ours)) ?? [];
    if (variable === undefined || said.has(ours) || rivals.some((rival) => chosen.has(rival))) continue;
    added.push(`--${ours}=${environment[variable]}`);
    variables.set(ours, variable);
  }
  return { args: [...typed, ...added], variables };
}

function renamed(args: readonly string[]): readonly string[] {
  const result: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const ours = name === undefined ? undefined : (OURS.get(name) ?? name);
    if (ours === undefined) result.push(arg);
    else if (inline !== undefined) result.push(`--${ours}=${inline}`);
    else if (!SWITCHES.has(ours)) result.push(`--${ours}`);
    else if (/^(true|false)$/i.test(args[i + 1] ?? "")) result.push(`--${ours}=${args[++i]}`);
    else result.push(`--${ours}=true`);
  }
  return result;
}

const nameIn = (arg: string): readonly string[] => /^--([^=]+)/.exec(arg)?.slice(1) ?? [];

const isOff = (arg: string): boolean => /=false$/i.test(arg) && nameIn(arg).some((name) => SWITCHES.has(name));
