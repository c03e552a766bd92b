/** What was thrown, in words. */
export interface ExceptionDescription {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** Causes that are followed at most: a chain of causes may be a ring. */
const CAUSES = 5;

/**
 * Describes whatever was thrown. Anything may be: nothing at all, an error whose message is an object, one whose properties throw
 * when they are read. It never throws, and it always finds words.
 *
 * @param longest characters of each part at most.
 */
export function describeError(error: unknown, longest: number): ExceptionDescription {
  const shorten = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest)}…`);
  if (!isError(error)) return { name: typeof error, message: shorten(inWords(error)) };
  const stack = read(error, "stack");
  return {
    name: shorten(textOr(read(error, "name"), "Error")),
    message: shorten(textOr(read(error, "message"), "The error has no message.")),
    ...(typeof stack === "string" && stack !== "" ? { stack: shorten(stack + inCauses(error)) } : {}),
  };
}

function inCauses(error: object): string {
  let text = "";
  let cause = read(error, "cause");
  for (let depth = 0; cause !== undefined && depth < CAUSES; depth += 1) {
    text += `\nCaused by ${isError(cause) ? `${textOr(read(cause, "name"), "Error")}: ${textOr(read(cause, "message"), "")}` : inWords(cause)}`;
    cause = isError(cause) ? read(cause, "cause") : undefined;
  }
  return text;
}

const isError = (value: unknown): value is object => {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
};

function read(object: object, name: string): unknown {
  try {
    return Reflect.get(object, name);
  } catch {
    return "(it throws when it is read)";
  }
}

/** A text stays as it is; whatever else stands where a text should be is put into words, and `otherwise` where nothing does. */
const textOr = (value: unknown, otherwise: string): string =>
  value === undefined || value === null || value === "" ? otherwise : inWords(value);

function inWords(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    const isPlain = typeof value === "object" && value !== null && !isError(value);
    const text = isPlain ? JSON.stringify(value) : String(value);
    if (typeof text === "string" && text !== "") return text;
  } catch {
    // Neither has it a text, nor is it JSON.
  }
  return `(a value of type ${typeof value} that cannot be put into words)`;
}
