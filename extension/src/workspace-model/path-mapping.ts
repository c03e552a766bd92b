import { evaluate, parse } from "@humanwhocodes/momoa";

/** What a `tsconfig.json` or `jsconfig.json` says of where modules are, for the files of its folder. */
export interface PathMapping {
  /** Folder, with a slash at its end. */
  readonly folder: string;
  /** Below the folder: what the targets start from. */
  readonly base: string;
  readonly paths: readonly (readonly [pattern: string, targets: readonly string[]])[];
}

/** None where it says nothing of that, or is being written. */
export function readPathMapping({
  uri,
  text,
}: {
  readonly uri: string;
  readonly text: string;
}): readonly PathMapping[] {
  try {
    const config = evaluate(parse(text, { mode: "jsonc", allowTrailingCommas: true }));
    const { baseUrl, paths } = Object(Object(config).compilerOptions) as Readonly<Record<string, unknown>>;
    const base = typeof baseUrl === "string" ? baseUrl : ".";
    const mapped = Object.entries(Object(paths) as Readonly<Record<string, unknown>>).map(
      ([pattern, targets]) =>
        [pattern, Array.isArray(targets) ? targets.filter((target) => typeof target === "string") : []] as const,
    );
    const anything = typeof baseUrl === "string" ? [["*", ["*"]] as const] : [];
    if (mapped.length + anything.length === 0) return [];
    return [{ folder: uri.slice(0, uri.lastIndexOf("/") + 1), base, paths: [...mapped, ...anything] }];
  } catch {
    return [];
  }
}

/** Paths that a module may lie at, from the mapping's folder on. */
export const mappedPaths = (module: string, { base, paths }: PathMapping): readonly string[] =>
  paths.flatMap(([pattern, targets]) => {
    const filled = fillOf(pattern, module);
    return filled === undefined ? [] : targets.map((target) => `${base}/${target.replace("*", () => filled)}`);
  });

/** What stands for the star of a pattern that a name fits; empty where the pattern has none. */
export function fillOf(pattern: string, name: string): string | undefined {
  if (pattern === name) return "";
  const [before = "", after] = pattern.split("*");
  if (after === undefined || !name.startsWith(before) || !name.endsWith(after)) return undefined;
  return name.length < before.length + after.length ? undefined : name.slice(before.length, name.length - after.length);
}
