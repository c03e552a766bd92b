import type { EndpointEvent } from "./endpoint-event.ts";
import { problemOf } from "./log-record.ts";

/** Tells of failures where nobody else listens: what goes wrong in silence is found too late. */
export function printProblem(event: EndpointEvent): void {
  const problem = problemOf(event);
  if (problem !== undefined) process.stderr.write(`${problem}\n`);
}
