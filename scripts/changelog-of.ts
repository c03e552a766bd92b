/** A package whose changes are looked for. */
export interface ChangedPackage {
  readonly name: string;
  /** Where it is in the repository; others lie beside it, there as where they are installed. */
  readonly folder: string;
  /** Names of its programs. */
  readonly programs: readonly string[];
}

/** What a package's tarball has beside its program. */
const COMES_WITH_IT = /^(docs|dashboards)\/|^[^/]+\.md$/;
const LINK = /\[([^\]]*)\]\((?!\w+:)([^)]+)\)/g;

/**
 * What of the repository's changelog concerns a package: entries before whose colon its name, one of its entries, or one of its programs stands.
 * Their links lead from the package; where they would lead out of what is published, the text alone is left.
 * @param folders of all packages that are published.
 */
export function changelogOf(
  changelog: string,
  { name, folder, programs }: ChangedPackage,
  folders: readonly string[],
): string {
  const [, ...sections] = changelog.split(/^(?=## )/m);
  const isItsOwn = (entry: string): boolean => {
    const [head = ""] = entry.split(": ", 1);
    const subjects = [...head.matchAll(/`([^`\s]+)/g)].map(([, subject = ""]) => subject);
    return subjects.some((subject) => `${subject}/`.startsWith(`${name}/`) || programs.includes(subject));
  };
  const linked = (_: string, text: string, target: string): string => {
    const [top = "", ...rest] = target.split("/");
    const path = rest.join("/");
    if (!folders.includes(top) || !COMES_WITH_IT.test(path)) return text;
    return `[${text}](${top === folder ? path : `../${target}`})`;
  };
  const own = sections.map((section) => {
    const [heading, ...entries] = section.split(/^(?=- )/m);
    return `${heading?.trim()}\n\n${entries.filter(isItsOwn).join("").replaceAll(LINK, linked)}`.trim();
  });
  return `# Changelog of ${name}\n\n${own.join("\n\n")}\n`;
}
