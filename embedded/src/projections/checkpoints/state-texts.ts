/** State and result of a projection or of one of its partitions, as JSON texts; null where there is none. */
export interface StateTexts {
  readonly state: string | null;
  readonly result: string | null;
}

export const NO_STATE: StateTexts = { state: null, result: null };

/** As a checkpoint holds them: `[state,result]`, `[state]` without a result, `[]` without a state (corrections 3.4). */
export function formatStateTexts({ state, result }: StateTexts): string {
  if (state === null || state === "") return "[]";
  return result === null ? `[${state}]` : `[${state},${result}]`;
}

/**
 * Takes a checkpoint apart without parsing what is inside, so that every number stays as it was written.
 * Undefined for a text that is no list: a state that is no JSON makes it one (corrections 3.1).
 */
export function parseStateTexts(text: string): StateTexts | undefined {
  try {
    if (!Array.isArray(JSON.parse(text))) return undefined;
  } catch {
    return undefined;
  }
  const [state = null, result = null] = elements(text);
  return { state, result };
}

/** The texts of the elements of a JSON list. */
function elements(list: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < list.length; i++) {
    const c = list[i];
    if (c === '"') i = endOfString(list, i);
    else if (c === "[" || c === "{") {
      if (depth++ === 0) start = i + 1;
    } else if (c === "]" || c === "}" || c === ",") {
      const isEnd = c !== ",";
      if (depth === 1) {
        const element = list.slice(start, i).trim();
        if (element !== "") found.push(element);
        start = i + 1;
      }
      if (isEnd) depth--;
    }
  }
  return found;
}

function endOfString(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}
