/** The condition under which this repository runs its packages from their sources, which are not shipped. */
const SOURCE_CONDITION = "sluice-source";

/** Where a package is entered: what conditions lead to. */
interface Conditions {
  readonly [condition: string]: string;
}

/** What of a `package.json` says how it is packed. */
export interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, Conditions>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The `package.json` that users get: without what serves this repository alone. */
export function publishedManifest(manifest: Manifest): Manifest {
  const { scripts: _scripts, devDependencies: _devDependencies, ...published } = manifest;
  return {
    ...published,
    exports: Object.fromEntries(
      Object.entries(manifest.exports).map(([name, { [SOURCE_CONDITION]: _source, ...conditions }]) => [
        name,
        conditions,
      ]),
    ),
  };
}

/** Files by which users enter the package, from its root: imported, or run as a program. */
export function entriesOf({ exports, bin = {} }: Manifest): readonly string[] {
  const files = [...Object.values(exports).map((conditions) => conditions["default"]), ...Object.values(bin)];
  return [...new Set(files.filter((file) => file !== undefined))];
}

/** The declarations that belong to those entries. */
export function declarationsOf({ exports }: Manifest): readonly string[] {
  return Object.values(exports)
    .map((conditions) => conditions["types"])
    .filter((file) => file !== undefined);
}
