import type { LogRecord } from "../log/record.ts";
import { recordText } from "./record-text.ts";
import { isStrictJson, MAX_JSON_DEPTH } from "./strict-json.ts";

/** What was found out of a record; projections that read the same one share it. */
const known = new WeakMap<LogRecord, boolean>();

/**
 * Whether an event's body is what it is flagged as: events flagged JSON whose body is none are kept from every projection,
 * native or not (golden `projection-language/event-broken-json`, corrections 3.1). Links to nothing pass.
 */
export function holdsWhatItSays(event: LogRecord | undefined): boolean {
  if (event === undefined || !event.isJson) return true;
  let isValid = known.get(event);
  if (isValid === undefined) {
    isValid = isValidJson(event.data);
    known.set(event, isValid);
  }
  return isValid;
}

/**
 * Whether the server takes bytes that are flagged JSON for valid. Its check is more lenient than JSON: comments, single quotes,
 * bare names, `NaN`, numbers with leading zeros, control characters and trailing commas pass. Text that is cut short, followed
 * by more, empty or begins with a byte order mark does not. What passes here may still be refused by whatever parses it.
 */
export function isValidJson(bytes: Uint8Array): boolean {
  return isStrictJson(bytes) || isLenientJson(recordText(bytes));
}

/** Parts of the lenient grammar; each is matched where the one before ended. */
const GAP = /(?:\s+|\/\*[^]*?\*\/|\/\/[^\r\n]*)*/y;
const NAME = /[\p{L}\p{Nd}_$]+/uy;
const SCALAR =
  /(?:true|false|null|undefined|NaN|-?Infinity)(?![\p{L}\p{Nd}_$])|0[xX][0-9a-fA-F]+|-?\.?\d[\d.]*(?:[eE][-+]?\d+)?(?![\p{L}\p{Nd}_$])/uy;
const ESCAPE = /["'\\/bfnrt]|u[0-9a-fA-F]{4}/y;

function isLenientJson(text: string): boolean {
  let at = 0;
  const take = (part: RegExp): boolean => {
    part.lastIndex = at;
    if (!part.test(text)) return false;
    at = part.lastIndex;
    return true;
  };
  const quoted = (): boolean => {
    const quote = text[at];
    if (quote !== '"' && quote !== "'") return false;
    at++;
    while (at < text.length) {
      const char = text[at++];
      if (char === quote) return true;
      if (char === "\\" && !take(ESCAPE)) return false;
    }
    return false;
  };
  const members = (isObject: boolean, depth: number): boolean => {
    const closing = isObject ? "}" : "]";
    for (;;) {
      take(GAP);
      if (text[at] === closing) {
        at++;
        return true;
      }
      if (isObject) {
        if (!quoted() && !take(NAME)) return false;
        take(GAP);
        if (text[at++] !== ":") return false;
      }
      // A list may leave values out between its commas.
      if ((isObject || text[at] !== ",") && !value(depth)) return false;
      take(GAP);
      if (text[at] === ",") at++;
      else if (text[at] !== closing) return false;
    }
  };
  const value = (depth: number): boolean => {
    take(GAP);
    const opening = text[at];
    if (opening !== "{" && opening !== "[") return quoted() || take(SCALAR);
    at++;
    return depth < MAX_JSON_DEPTH && members(opening === "{", depth + 1);
  };
  if (text.startsWith("\ufeff") || !value(0)) return false;
  take(GAP);
  return at === text.length;
}
