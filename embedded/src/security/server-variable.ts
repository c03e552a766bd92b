/** How the variables that the real server reads begin. The newer name wins. */
const PREFIXES = ["KURRENTDB_", "EVENTSTORE_"] as const;

/**
 * The variable of the real server that says something: one that is empty, as files of settings have them, says nothing.
 * @param name without its prefix, such as `MEM_DB`.
 */
export const serverVariable = (
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined =>
  PREFIXES.map((prefix) => prefix + name).find((variable) => (environment[variable] ?? "") !== "");
