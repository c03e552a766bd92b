/** A package that is to be published, as its folder says. */
export interface ReleasedPackage {
  readonly name: string;
  readonly version: string;
  /** Where the sources are; what is published with provenance must say so. */
  readonly repository?: unknown;
  readonly dependencies: Readonly<Record<string, string>>;
  /** What has changed of it, version by version. */
  readonly changelog: string;
}

export interface ReleaseFacts {
  /** Files that differ from the commit. */
  readonly changes: readonly string[];
  /** Tags of the commit. */
  readonly tags: readonly string[];
  readonly packages: readonly ReleasedPackage[];
}

/** What keeps the packages from being published, a sentence each that says what to do. */
export function releaseFaults({ changes, tags, packages }: ReleaseFacts): readonly string[] {
  const version = packages[0]?.version ?? "";
  return [
    ...(changes.length === 0 ? [] : [`Not committed: ${changes.join(", ")}. Commit or remove it.`]),
    ...(tags.includes(`v${version}`) ? [] : [`This commit is not v${version}. Tag it: git tag v${version}`]),
    ...packages.flatMap((one) => faultsOf(one, version, packages)),
  ];
}

function faultsOf(one: ReleasedPackage, version: string, all: readonly ReleasedPackage[]): readonly string[] {
  const { name, dependencies, changelog, repository } = one;
  const others = all.filter((other) => dependencies[other.name] !== undefined);
  return [
    ...(one.version === version
      ? []
      : [`${name} is ${one.version}, and ${all[0]?.name} is ${version}. All have one version.`]),
    ...others
      .filter((other) => dependencies[other.name] !== version)
      .map((other) => `${name} wants ${other.name} ${dependencies[other.name]}. Let it want ${version}.`),
    ...(repository === undefined
      ? [`The package.json of ${name} names no repository, which provenance is checked against. Say it there.`]
      : []),
    ...(sectionOf(changelog, version) === undefined
      ? [`The changelog of ${name} has no section ${version}. Write what has changed below "## ${version}".`]
      : []),
    ...(sectionOf(changelog, "Unreleased")?.trim()
      ? [`The changelog of ${name} still has something unreleased. Move it below "## ${version}".`]
      : []),
  ];
}

/** What stands below a heading, which may go on with a date. */
function sectionOf(changelog: string, title: string): string | undefined {
  return changelog
    .split(/^## /m)
    .slice(1)
    .find((section) => section.split(/\s/, 1)[0] === title)
    ?.replace(/^.*\n?/, "");
}
