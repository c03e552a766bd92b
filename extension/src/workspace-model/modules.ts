import { fillOf, mappedPaths, readPathMapping } from "./path-mapping.ts";

/** Files and packages by which the modules of a workspace find each other: as far as that can be told from their names. */
export interface ModuleMap {
  /** The file that a module names; undefined where it is not among the sources. */
  find(from: string, module: string): string | undefined;
}

/** A `package.json`, as far as it tells where its modules are. */
interface Package {
  /** Folder, with a slash at its end. */
  readonly folder: string;
  readonly name: string | undefined;
  readonly exports: unknown;
  readonly imports: unknown;
  readonly main: string | undefined;
}

/** What a compiled file may have been before. */
const ENDINGS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.js$/, [".js", ".ts", ".tsx", ".jsx"]],
  [/\.mjs$/, [".mjs", ".mts"]],
  [/\.cjs$/, [".cjs", ".cts"]],
  [/\.jsx$/, [".jsx", ".tsx"]],
  [/\.d\.[cm]?ts$/, [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs"]],
];
const ADDED = [
  ".ts",
  ".tsx",
  ".mts",
  ".cts",
  ".js",
  ".mjs",
  ".cjs",
  ".jsx",
  "/index.ts",
  "/index.tsx",
  "/index.mts",
  "/index.js",
  "/index.mjs",
];
/** Where sources lie of what a package offers compiled. */
const COMPILED = /^(?:\.\/)?(?:dist|build|lib|out)\/(?:(?:esm|cjs|src)\/)?/;

/**
 * @param isThere whether a file is among the sources
 * @param manifests each `package.json`, `tsconfig.json` and `jsconfig.json`
 */
export function moduleMap(
  isThere: (uri: string) => boolean,
  manifests: readonly { readonly uri: string; readonly text: string }[],
): ModuleMap {
  const isPackage = ({ uri }: { readonly uri: string }): boolean => uri.endsWith("package.json");
  const packages = manifests.filter(isPackage).flatMap(readPackage).toSorted(innermost);
  const mappings = manifests
    .filter((one) => !isPackage(one))
    .flatMap(readPathMapping)
    .toSorted(innermost);
  const first = (uris: readonly string[]): string | undefined => uris.find(isThere);

  const inPackage = ({ folder, exports, main }: Package, subpath: string): string | undefined => {
    const offered = targetsOf(exports, subpath);
    const named = offered.length > 0 ? offered : subpath === "." ? [main ?? "./index.js"] : [subpath];
    const own = subpath === "." ? "index" : subpath.slice(2);
    return first(
      [
        ...named.flatMap((path) => [path, path.replace(COMPILED, "src/"), path.replace(COMPILED, "")]),
        `src/${own}`,
        own,
      ].flatMap((path) => candidates(resolveUri(folder, path))),
    );
  };

  return {
    find(from, module) {
      if (/^\.{0,2}\//.test(module) || module === "." || module === "..")
        return first(candidates(resolveUri(from, module)));
      if (module.startsWith("#")) {
        const own = packages.find(({ folder }) => from.startsWith(folder));
        return own && first(targetsOf(own.imports, module).flatMap((path) => candidates(resolveUri(own.folder, path))));
      }
      const mapping = mappings.find(({ folder }) => from.startsWith(folder));
      const mapped =
        mapping && first(mappedPaths(module, mapping).flatMap((path) => candidates(resolveUri(mapping.folder, path))));
      if (mapped !== undefined) return mapped;
      const other = packages.find(
        ({ name }) => name !== undefined && (module === name || module.startsWith(`${name}/`)),
      );
      return other?.name === undefined ? undefined : inPackage(other, `.${module.slice(other.name.length)}`);
    },
  };
}

const innermost = (a: { readonly folder: string }, b: { readonly folder: string }): number =>
  b.folder.length - a.folder.length;

function readPackage({ uri, text }: { readonly uri: string; readonly text: string }): readonly Package[] {
  try {
    const { name, exports, imports, main } = Object(JSON.parse(text)) as Record<string, unknown>;
    return [
      {
        folder: uri.slice(0, uri.lastIndexOf("/") + 1),
        name: typeof name === "string" ? name : undefined,
        exports,
        imports,
        main: typeof main === "string" ? main : undefined,
      },
    ];
  } catch {
    return []; // Being written: its names are known again when it can be read.
  }
}

/** Paths that `exports` or `imports` gives for a name, under whatever condition; `*` is filled in. */
function targetsOf(map: unknown, name: string): readonly string[] {
  if (typeof map !== "object" || map === null || !Object.keys(map).some((key) => /^[.#]/.test(key))) {
    return name === "." ? leavesOf(map) : [];
  }
  for (const [key, value] of Object.entries(map)) {
    const filled = fillOf(key, name);
    if (filled === undefined) continue;
    return leavesOf(value).map((path) => path.replaceAll("*", filled));
  }
  return [];
}

function leavesOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}

function candidates(uri: string): readonly string[] {
  const before = ENDINGS.flatMap(([ending, others]) =>
    ending.test(uri) ? others.map((other) => uri.replace(ending, other)) : [],
  );
  return [uri, ...before, ...ADDED.map((added) => `${uri.replace(/\/$/, "")}${added}`)];
}

/** A path from a file or folder on, by the rules of addresses. */
function resolveUri(from: string, path: string): string {
  const [, scheme = "", rest = from] = /^([a-z][\w+.-]*:\/\/[^/]*)(.*)$/i.exec(from) ?? [];
  const parts = path.startsWith("/") ? [""] : rest.split("/").slice(0, -1);
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(encoded(part));
  }
  return scheme + parts.join("/");
}

/** As VS Code writes addresses. */
const encoded = (part: string): string =>
  encodeURIComponent(part).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
