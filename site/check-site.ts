import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** Links, pictures, scripts and styles of a page. */
const REFERENCES = /<(a|img|script|link)\b[^>]*?\s(?:href|src)="([^"]+)"/g;

/**
 * What is wrong with the pages of a site, a sentence each: links into nothing, also to a heading, and whatever a page would
 * load from another host.
 * @param folder the site as it is served.
 */
export function faultsOf(folder: string): readonly string[] {
  const pages = new Map(
    globSync("**/*.html", { cwd: folder }).map((page) => [page, readFileSync(join(folder, page), "utf8")] as const),
  );
  const anchors = new Map(
    [...pages].map(
      ([page, html]) => [page, new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id))] as const,
    ),
  );
  return [...pages].flatMap(([page, html]) =>
    [...html.matchAll(REFERENCES)].flatMap(([, element, reference = ""]) => {
      if (/^(https?:)?\/\//.test(reference))
        return element === "a" ? [] : [`${page} loads ${reference} from another host.`];
      if (/^(data|mailto):/.test(reference)) return [];
      const [path = "", anchor] = decodeURI(reference).split("#");
      const target = path === "" ? page : normalize(path.startsWith("/") ? path.slice(1) : join(dirname(page), path));
      const file = target.endsWith("/") || target === "" || target === "." ? join(target, "index.html") : target;
      if (!existsSync(join(folder, file))) return [`${page} links to ${reference}, which is not there.`];
      const isFound = anchor === undefined || anchor === "" || anchors.get(file)?.has(anchor) !== false;
      return isFound ? [] : [`${page} links to ${reference}, where there is no such heading.`];
    }),
  );
}
