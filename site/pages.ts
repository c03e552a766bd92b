import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

const root = join(import.meta.dirname, "..");

/** Markdown of the repository that is no page of the site, as globs from the root. */
export const NOT_ON_THE_SITE = [
  "**/node_modules/**",
  "{.*,samples,test,scripts}/**",
  "*/{bench,dist,src,starter,test,.*}/**",
  "{README,CONTRIBUTING}.md",
  "extension/CHANGELOG.md",
];

/** What is made of docstrings. */
const REFERENCE = "site/reference/";

/** Pages in the order in which they are read. What is not named here stands in the last group. */
const GROUPS: readonly (readonly [title: string, pages: readonly string[]])[] = [
  ["Start", ["docs/index.md", "transport/docs/tutorial.md", "transport/docs/concepts.md"]],
  [
    "How to",
    ["outbox", "idempotency", "ordering", "poison-messages", "sagas", "upgrade", "testing", "monitoring"].map(
      (page) => `transport/docs/${page}.md`,
    ),
  ],
  ["Move to Sluice", ["rabbitmq", "kafka", "nservicebus"].map((bus) => `transport/docs/from-${bus}.md`)],
  ["Other buses", ["node-ts-bus", "nestjs", "seam", "writing-an-adapter"].map((page) => `transport/docs/${page}.md`)],
  [
    "Operate",
    [
      "cli/docs/incident.md",
      "transport/docs/connection-strings.md",
      "transport/docs/rights.md",
      "embedded/docs/server.md",
      "embedded/docs/security.md",
      "embedded/docs/from-one-machine-to-many.md",
    ],
  ],
  ["The packages", ["transport", "embedded", "cli", "extension"].map((folder) => `${folder}/README.md`)],
];

/**
 * Where a page of the repository stands on the site: what lies in a package's `docs` is found under the package's name, and
 * its README is the first page there.
 */
export function placeOf(file: string): string {
  if (file.startsWith(REFERENCE)) return file.slice("site/".length).replace("/@sluice/", "/");
  const [folder = "", ...rest] = file.split("/");
  if (folder === "docs") return rest.join("/");
  if (rest.join("/") === "README.md") return `${folder}/index.md`;
  if (rest[0] === "docs") return posix.join(folder, ...rest.slice(1));
  return file;
}

interface SidebarItem {
  readonly text: string;
  readonly link: string;
}

/** The list of pages beside each page. */
export function sidebar(): { text: string; items: SidebarItem[] }[] {
  const named = GROUPS.flatMap(([, pages]) => pages);
  const pages = globSync("**/*.md", { cwd: root, exclude: NOT_ON_THE_SITE });
  const others = pages.filter((page) => !named.includes(page) && !page.startsWith(REFERENCE)).sort();
  const groups = [...GROUPS, ["Background", others] as const].map(([text, named]) => ({
    text,
    items: named.map(itemOf),
  }));
  return [...groups, { text: "Reference", items: [...new Set(pages.filter(isEntry))].sort().map(itemOf) }];
}

/** The page of what users import. */
function isEntry(page: string): boolean {
  return page.startsWith(`${REFERENCE}@`) && page.endsWith("/index.md");
}

function itemOf(file: string): SidebarItem {
  const [, heading = file] = /^# (.+)$/m.exec(readFileSync(join(root, file), "utf8")) ?? [];
  const [text = heading] = heading.replaceAll(/[`\\]/g, "").split(":");
  return { text, link: `/${placeOf(file).replace(/(?:(?<=^|\/)index)?\.md$/, "")}` };
}
