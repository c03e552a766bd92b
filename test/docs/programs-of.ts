/** What stands in a page as TypeScript, put together. */
export interface Program {
  /** The line of its first block. */
  readonly line: number;
  readonly code: string;
  /** It is compiled and not run, since it talks to a server that only its reader has, or never ends. */
  readonly isOnlyCompiled: boolean;
}

/** A block that readers see, one in a comment that they do not see, or what begins another program. */
const BLOCK =
  /^```ts\b[^\n]*\n(?<shown>[\s\S]*?)^```$|^<!--ts\n(?<hidden>[\s\S]*?)^-->$|^<!-- program(?<kind>[^>]*)-->$/gm;

/**
 * The programs of a page. Its blocks in order are one, so that a page can tell in pieces what belongs together; comments that begin with
 * `<!--ts` belong to it and are not shown: what surrounds the pieces, and what must be true after them. `<!-- program -->` begins
 * another one, and `<!-- program, only compiled -->` one that is not run.
 */
export function programsOf(page: string): readonly Program[] {
  const programs: { line: number; code: string; isOnlyCompiled: boolean }[] = [];
  let begins: { isOnlyCompiled: boolean } | undefined = { isOnlyCompiled: false };
  for (const { 0: block, index, groups = {} } of page.matchAll(BLOCK)) {
    if (groups["kind"] !== undefined) {
      begins = { isOnlyCompiled: groups["kind"].includes("only compiled") };
      continue;
    }
    const code = groups["shown"] ?? groups["hidden"] ?? block;
    const line = page.slice(0, index).split("\n").length;
    if (begins === undefined) programs.at(-1)!.code += code;
    else programs.push({ line, code, ...begins });
    begins = undefined;
  }
  return programs;
}
