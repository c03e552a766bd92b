import { describeError } from "../receive/describe-error.ts";
import type { EndpointEvent } from "./endpoint-event.ts";

const LONGEST = 300;

/** What a person has to know of an event, in one line; undefined where there is nothing. */
export function problemOf(event: EndpointEvent): string | undefined {
  switch (event.kind) {
    case "failed":
      return lineOf(event, `failed at attempt ${event.attempt}`, event.error);
    case "parked":
      return lineOf(event, `was parked after ${event.attempts} attempts`, event.error);
    case "discarded":
      return lineOf(event, "was discarded by the error policy", event.error);
    case "timed out":
      return lineOf(event, "is handled for too long", event.error);
    case "sent too late":
      return lineOf(event, "was followed by a message that did not leave", event.error);
    case "critical":
      return lineOf(event, `met a critical error: ${event.problem}`, event.error);
    case "paused":
      return lineOf(event, `waits for a server, and all others with it; next try in ${event.retryIn} ms`, event.error);
    case "view failed":
      return `sluice: ${event.component}: view ${event.view} ${event.action === "stop" ? "has stopped" : "goes on without it"}: ${inWords(event.error)}`;
    case "checkpoint failed":
      return `sluice: ${event.component}: a checkpoint of view ${event.view} failed: ${inWords(event.error)}`;
    case "projection failed":
      return `sluice: ${event.component}: projection ${event.projection} is ${event.why}: ${event.reason}`;
    case "schedule interrupted":
      return `sluice: ${event.component}: deferred messages wait for the server; next look in ${event.retryIn} ms: ${inWords(event.error)}`;
    case "dropped":
      return `sluice: ${event.component}: connection lost; next try in ${event.retryIn} ms: ${inWords(event.error)}`;
    default:
      return undefined;
  }
}

/** Tells of failures where nobody else listens: what goes wrong in silence is found too late. */
export function printProblem(event: EndpointEvent): void {
  const problem = problemOf(event);
  if (problem !== undefined) process.stderr.write(`${problem}\n`);
}

function lineOf(
  { component, type, messageId }: { readonly component: string; readonly type: string; readonly messageId: string },
  what: string,
  error: unknown,
): string {
  return `sluice: ${component}: ${type} ${messageId} ${what}: ${inWords(error)}`;
}

function inWords(error: unknown): string {
  const { name, message } = describeError(error, LONGEST);
  return `${name}: ${message}`.replaceAll(/\s+/g, " ");
}
