/** Where the guard stands in a package, from its root. */
export const GUARD = "dist/require-node.js";

/**
 * A module that throws one sentence on a Node that is too old. Imported before all others, it runs before any of them does what
 * that Node cannot. It must itself be understood by every Node that knows modules.
 *
 * @param needed as in `engines`: `>=22.12`.
 */
export function guardFor(name: string, needed: string): string {
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(needed) ?? [];
  if (major === undefined) throw new RangeError(`${name} needs Node "${needed}"; write it as ">=22.12" is written.`);
  return `const [major, minor] = process.versions.node.split(".").map(Number);
if (major < ${major} || (major === ${major} && minor < ${minor})) {
  throw new Error(
    \`${name} needs Node ${major}.${minor} or newer, and this is Node \${process.versions.node}. Run it with a newer one.\`,
  );
}
`;
}

/** The program with the guard imported first; a line that says what runs it (`#!`) stays the first one. */
export function guarded(program: string, importedFrom: string): string {
  const statement = `import ${JSON.stringify(importedFrom)};\n`;
  const [interpreter = ""] = /^#!.*\n/.exec(program) ?? [];
  return interpreter + statement + program.slice(interpreter.length);
}

/** The source map of such a program: each line has moved down by one. */
export function guardedMap(map: string): string {
  const parsed = JSON.parse(map) as { mappings: string };
  return JSON.stringify({ ...parsed, mappings: `;${parsed.mappings}` });
}
