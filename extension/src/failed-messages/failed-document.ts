import type { ParkedMessage } from "@sluice/transport/deploy";
import { contentOf, hexDump, textOf } from "../events/content.ts";
import { formatJson } from "../events/json/format.ts";
import { isJsonText } from "../events/json/is-json.ts";

/** An editor can hold this much of what is no text. */
const DUMPED_BYTES = 2 ** 20;

/** All of a failed message as a JSON document: why it failed, its headers and its body, each number with all of its digits. */
export async function failedDocument(component: string, parked: ParkedMessage): Promise<string> {
  const { exception, message, failureGroup, attempts, delayedRetries, replays } = parked;
  const failure = {
    component,
    failureGroup,
    exception: exception.name,
    message: exception.message,
    ...(exception.stack === undefined ? {} : { stack: exception.stack.split("\n").map((line) => line.trimEnd()) }),
    firstFailedAt: parked.firstFailedAt.toISOString(),
    lastFailedAt: parked.lastFailedAt.toISOString(),
    parkedAt: parked.parkedAt.toISOString(),
    attempts,
    delayedRetries,
    replays,
    parkedId: parked.id,
  };
  if (message === undefined) return `${await formatJson(JSON.stringify({ failure, message: null }))}\n`;
  const { id, type, correlationId, headers, body, isJson } = message;
  const head = JSON.stringify({ id, type, correlationId, headers });
  const text = `{"failure":${JSON.stringify(failure)},"message":${head.slice(0, -1)},"body":${bodyOf(body, isJson)}}}`;
  return `${await formatJson(text)}\n`;
}

function bodyOf(bytes: Uint8Array, isJson: boolean): string {
  const content = contentOf(bytes, isJson);
  if (content === "empty") return "null";
  const text = textOf(bytes);
  if (content === "binary" || text === undefined) return JSON.stringify(hexDump(bytes, DUMPED_BYTES).split("\n"));
  return content === "json" && isJsonText(text) ? text : JSON.stringify(text.split("\n"));
}
