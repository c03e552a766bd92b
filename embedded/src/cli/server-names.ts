import { UsageError } from "./usage-error.ts";

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
const PREFIXES = ["KURRENTDB_", "EVENTSTORE_"] as const;

export const SERVER_NAMES: readonly string[] = [...OURS.keys()];

/**
 * The command line in this server's own terms: options under the real server's names are renamed, those of the environment
 * (`EVENTSTORE_MEM_DB`, `KURRENTDB_NODE_PORT`) added where nothing typed says otherwise.
 * @throws UsageError
 */
export function inOurTerms(args: readonly string[], environment: NodeJS.ProcessEnv): readonly string[] {
  const typed = renamed(args);
  const given = new Set(typed.flatMap((arg) => /^--([^=]+)/.exec(arg)?.[1] ?? []));
  const added: string[] = [];
  for (const [theirs, ours] of OURS) {
    const value = valueIn(environment, theirs);
    const rivals = RIVALS.find((group) => group.includes(ours)) ?? [ours];
    if (value !== undefined && !rivals.some((rival) => given.has(rival))) added.push(...optionOf(ours, value));
  }
  return [...typed, ...added];
}

function renamed(args: readonly string[]): readonly string[] {
  const result: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const ours = name === undefined ? undefined : (OURS.get(name) ?? name);
    if (ours === undefined) result.push(arg);
    else if (!SWITCHES.has(ours)) result.push(inline === undefined ? `--${ours}` : `--${ours}=${inline}`);
    else if (inline !== undefined) result.push(...optionOf(ours, inline));
    else if (/^(true|false)$/i.test(args[i + 1] ?? "")) result.push(...optionOf(ours, args[++i] ?? ""));
    else result.push(...optionOf(ours, "true"));
  }
  return result;
}

/** An option with its value; a switch that is off is left out, unless it is on where nobody speaks of it. */
function optionOf(ours: string, value: string): readonly string[] {
  if (!SWITCHES.has(ours)) return [`--${ours}=${value}`];
  if (!/^(true|false)$/i.test(value)) throw new UsageError(`--${ours} takes true or false, not "${value}".`);
  const isOn = value.toLowerCase() === "true";
  if (ours === "start-standard-projections") return [`--${ours}=${isOn}`];
  return isOn ? [`--${ours}`] : [];
}

function valueIn(environment: NodeJS.ProcessEnv, theirs: string): string | undefined {
  const name = theirs.toUpperCase().replaceAll("-", "_");
  return PREFIXES.map((prefix) => environment[prefix + name]).find((value) => value !== undefined);
}
