import { existsSync } from "node:fs";
import { dirname, join, matchesGlob, relative } from "node:path";
import { NOT_ON_THE_SITE, placeOf } from "./pages.ts";

const root = join(import.meta.dirname, "..");

/** What of a token of markdown-it is looked at and changed here. */
interface Token {
  tag: string;
  readonly type: string;
  readonly children: readonly Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
  attrs: [string, string][] | null;
}

/**
 * Leads the links of pages, which are those of the repository, to the places of the site. A link to a file that is not on the
 * site, such as a source, keeps its text alone.
 * @param page the file they are in.
 * @throws DeadLink where there is no such file.
 */
export function leadLinks(tokens: readonly Token[], page: string): void {
  // Links do not nest, so the next end is that of the one which was taken away.
  let isTakenAway = false;
  for (const token of tokens) {
    if (token.children !== null) leadLinks(token.children, page);
    if (token.type === "link_close" && isTakenAway) {
      token.tag = "span";
      isTakenAway = false;
    }
    const href = token.type === "link_open" ? token.attrGet("href") : null;
    if (href === null || /^([a-z]+:|#|\/)/.test(href)) continue;
    const [path = "", anchor] = href.split("#");
    const file = relative(root, join(dirname(page), decodeURI(path)));
    if (!existsSync(join(root, file))) throw new DeadLink(relative(root, page), href);
    if (isPage(file)) token.attrSet("href", `/${placeOf(file)}${anchor === undefined ? "" : `#${anchor}`}`);
    else {
      token.tag = "span";
      token.attrs = null;
      isTakenAway = true;
    }
  }
}

function isPage(file: string): boolean {
  return file.endsWith(".md") && !NOT_ON_THE_SITE.some((pattern) => matchesGlob(file, pattern));
}

/** A page links to a file that is not there. */
export class DeadLink extends Error {
  override readonly name = "DeadLink";
  readonly page: string;
  readonly href: string;
  constructor(page: string, href: string) {
    super(`${page} links to ${href}, which is not there. Correct the link, or the name of the file.`);
    this.page = page;
    this.href = href;
  }
}
