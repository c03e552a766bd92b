import { keyName } from "../../../events/json/key-name.ts";
import { formatPath, type JsonPath } from "../../../events/json/path.ts";
import { tokensOf } from "../../../events/json/tokens.ts";
import { KINDS } from "./filter.ts";

/** What has been seen of a source, for what may be wanted of it. */
export interface Seen {
  readonly types: readonly string[];
  readonly streams: readonly string[];
  readonly paths: readonly string[];
}

export interface Completion {
  /** The part of the filter that it takes the place of. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly string[];
}

const MOST = 12;
const WORDS = ["type:", "stream:", "meta:", "is:", "after:", "before:"];
const TIMES = ["-15m", "-1h", "-1d"];

/** What may stand where the caret is; no options where nothing is known that fits, or only what stands there already. */
export function completionAt(filter: string, caret: number, seen: Seen): Completion {
  const begun = /(?:^|\s)-?(\S*)$/.exec(filter.slice(0, caret))?.[1] ?? "";
  const [, word = "", rest = ""] = /^((?:type|stream|is|after|before):(?:.*,)?|)(.*)$/.exec(begun) ?? [];
  const known = word.startsWith("type:")
    ? seen.types.map(quoted)
    : word.startsWith("stream:")
      ? seen.streams.map(quoted)
      : word === "is:"
        ? KINDS
        : word === "after:" || word === "before:"
          ? TIMES
          : [...WORDS, ...seen.paths];
  const wanted = rest.toLowerCase();
  const fitting = known.filter((option) => option.toLowerCase().startsWith(wanted) && option !== rest);
  return { from: caret - rest.length, to: caret, options: fitting.slice(0, MOST) };
}

/** The paths of the members of a JSON text, which may be cut off anywhere: lists are not gone into. */
export function pathsIn(text: string): readonly string[] {
  const found = new Set<string>();
  /** The member that each open object or list is the value of; undefined inside of a list. */
  const open: (JsonPath | undefined)[] = [];
  let member: JsonPath | undefined = [];
  for (const token of tokensOf(text)) {
    if (token.text === "{" && token.kind === "punctuation") open.push(member);
    else if (token.text === "[" && token.kind === "punctuation") open.push((member = undefined));
    else if (token.kind === "punctuation" && (token.text === "}" || token.text === "]")) open.pop();
    else if (token.kind === "key") {
      const outer = open.at(-1);
      const name = keyName(token.text);
      member = outer === undefined || name === undefined ? undefined : [...outer, name];
      if (member !== undefined) found.add(formatPath(member));
    }
  }
  return [...found];
}

const quoted = (name: string): string => (/[\s",]/.test(name) ? JSON.stringify(name) : name);
