/** A whole number that a JavaScript number cannot hold. */
export class InexactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The value of a JSON text, with whole numbers beyond 2^53 told apart; undefined where it is no JSON, or nested too deeply to read. */
export function parseExactly(json: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(json, exactly) };
  } catch {
    return undefined;
  }
}

function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? new InexactNumber(source) : value;
}
