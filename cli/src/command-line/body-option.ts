import { readFileSync } from "node:fs";
import { UsageError } from "./usage-error.ts";
import type { Options } from "./options.ts";

/** How a body is given on the command line. */
export const BODY_OPTIONS = {
  body: { type: "string", value: "FILE", about: "a file with the body as JSON; - for standard input" },
  data: { type: "string", value: "JSON", about: "the body itself" },
} as const satisfies Options;

/** The body that was given, as it is written; undefined where none was. @throws UsageError */
export function bodyGiven({
  body,
  data,
}: {
  readonly body: string | undefined;
  readonly data: string | undefined;
}): string | undefined {
  if (body !== undefined && data !== undefined) throw new UsageError("Give the body by --body or by --data, not both.");
  const text = data ?? (body === undefined ? undefined : contentOf(body));
  if (text !== undefined) requireBody(text, data === undefined ? `${body}` : "--data");
  return text;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      cause,
    });
  }
}

/** Refuses what is no body. @param from what says it, for the message. @throws UsageError */
export function requireBody(text: string, from: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`What stands in ${from} is not JSON: ${reason}.`, { cause });
  }
  if (typeof value !== "object" || value === null) {
    throw new UsageError(`The body of a message is a JSON object or array, and what stands in ${from} is neither.`);
  }
}
