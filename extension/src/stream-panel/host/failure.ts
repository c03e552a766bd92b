import { AccessDeniedError, StreamDeletedError, StreamNotFoundError } from "../../event-store/errors.ts";
import type { Failure } from "../protocol.ts";

/** What the webview is told of an error. */
export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof StreamNotFoundError) {
    return { kind: "not-found", message };
  }
  if (error instanceof StreamDeletedError) {
    return { kind: "deleted", message };
  }
  return { kind: error instanceof AccessDeniedError ? "no-rights" : "other", message };
}
