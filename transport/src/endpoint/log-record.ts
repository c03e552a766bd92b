import { describeError } from "../receive/describe-error.ts";
import type { EndpointEvent } from "./endpoint-event.ts";

/** How much an event matters: `debug` what happens to each message that goes well, `warn` and `error` what goes wrong. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** An event for a log. */
export interface LogRecord {
  readonly level: LogLevel;
  /** One line for a person, without the time: `billing: billing.ChargeCard 0f4c… was parked after 4 attempts: Error: …`. */
  readonly message: string;
  /**
   * The event's own fields for a machine, such as `kind`, `component`, `messageId`, `type`, `correlationId`; what was thrown as `err`,
   * and the `trace_id` where the message carries one.
   */
  readonly fields: Readonly<Record<string, unknown>>;
}

const LONGEST = 300;

/** Makes of an event what a log takes. */
export function logRecordOf(event: EndpointEvent): LogRecord {
  return { level: logLevelOf(event), message: lineOf(event), fields: fieldsOf(event) };
}

/** What a person has to know of an event, in one line; undefined where there is nothing. */
export function problemOf(event: EndpointEvent): string | undefined {
  const level = logLevelOf(event);
  return level === "debug" || level === "info" ? undefined : `sluice: ${lineOf(event)}`;
}

/** How much an event matters. */
export function logLevelOf(event: EndpointEvent): LogLevel {
  return event.kind === "view failed" && event.action === "stop" ? "error" : LEVELS[event.kind];
}

const LEVELS: Readonly<Record<EndpointEvent["kind"], LogLevel>> = {
  handled: "debug",
  duplicate: "debug",
  retried: "debug",
  delayed: "info",
  "handled by policy": "info",
  expired: "info",
  dangling: "info",
  resumed: "info",
  connected: "info",
  "projection recovered": "info",
  failed: "warn",
  discarded: "warn",
  "timed out": "warn",
  paused: "warn",
  dropped: "warn",
  "schedule interrupted": "warn",
  "view failed": "warn",
  "checkpoint failed": "warn",
  parked: "error",
  "sent too late": "error",
  critical: "error",
  "projection failed": "error",
};

const lineOf = (event: EndpointEvent): string => `${event.component}: ${said(event)}`.replaceAll(/\s+/g, " ");

function said(event: EndpointEvent): string {
  switch (event.kind) {
    case "handled":
      return `${named(event)} was handled in ${Math.round(event.milliseconds)} ms`;
    case "duplicate":
      return `${named(event)} was handled before, and is dropped`;
    case "retried":
      return `${named(event)} is tried again at once, after ${event.attempts} attempts`;
    case "delayed":
      return `${named(event)} is tried again in ${event.milliseconds} ms: ${inWords(event.error)}`;
    case "handled by policy":
      return `${named(event)} was dealt with by the error policy: ${inWords(event.error)}`;
    case "expired":
      return `${named(event)} came after its time to be received, and is dropped`;
    case "dangling":
      return `the link ${event.messageId} leads to nothing, and is dropped`;
    case "failed":
      return `${named(event)} failed at attempt ${event.attempt}: ${inWords(event.error)}`;
    case "discarded":
      return `${named(event)} was discarded by the error policy: ${inWords(event.error)}`;
    case "timed out":
      return `${named(event)} is handled for too long: ${inWords(event.error)}`;
    case "parked":
      return `${named(event)} was parked after ${event.attempts} attempts: ${inWords(event.error)}`;
    case "sent too late":
      return `${named(event)} was followed by a message that did not leave: ${inWords(event.error)}`;
    case "critical":
      return `${named(event)} met a critical error: ${event.problem}: ${inWords(event.error)}`;
    case "paused":
      return `${named(event)} waits for a server, and all others with it; next try in ${event.retryIn} ms: ${inWords(event.error)}`;
    case "resumed":
      return "a server that was away answers again, and messages are handled";
    case "connected":
      return "connected to its queue";
    case "dropped":
      return `connection lost; next try in ${event.retryIn} ms: ${inWords(event.error)}`;
    case "schedule interrupted":
      return `deferred messages wait for the server; next look in ${event.retryIn} ms: ${inWords(event.error)}`;
    case "projection failed":
      return `projection ${event.projection} is ${event.why}: ${event.reason}`;
    case "projection recovered":
      return `projection ${event.projection} runs again`;
    case "view failed":
      return event.action === "stop"
        ? `view ${event.view} has stopped: ${inWords(event.error)}`
        : `view ${event.view} goes on without it: ${inWords(event.error)}`;
    case "checkpoint failed":
      return `a checkpoint of view ${event.view} failed: ${inWords(event.error)}`;
  }
}

const named = ({ type, messageId }: { readonly type: string; readonly messageId: string }): string =>
  `${type} ${messageId}`;

function fieldsOf(event: EndpointEvent): Readonly<Record<string, unknown>> {
  if ("headers" in event) {
    const { headers, ...fields } = event;
    const [, traceId] = /^\w\w-(\w{32})-/.exec(String(headers["traceparent"] ?? "")) ?? [];
    return withError({ ...fields, ...(traceId === undefined ? {} : { trace_id: traceId }) });
  }
  return withError({ ...event });
}

/** Loggers know what was thrown by the name `err`. */
function withError(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (!("error" in fields)) return fields;
  const { error: err, ...others } = fields;
  return { ...others, err };
}

function inWords(error: unknown): string {
  const { name, message } = describeError(error, LONGEST);
  return `${name}: ${message}`.replaceAll(/\s+/g, " ");
}
