import type { EndpointEvent } from "../endpoint/endpoint-event.ts";
import type { ComponentHealth, EndpointHealth, HealthStatus } from "../endpoint/health.ts";
import type { ObservedAttempt, ObservedMessage, ObservedSend } from "../eventstoredb/interceptor.ts";
import { CANCELLED } from "../messages/cancellation.ts";
import { HEADER } from "../messages/header-names.ts";
import { ATTRIBUTE, type Attributes, errorTypeOf, SYSTEM } from "./attributes.ts";
import { type Instrument, INSTRUMENTS } from "./instruments.ts";

/** A value that was measured. */
export interface Measurement {
  readonly instrument: Instrument;
  readonly value: number;
  readonly attributes: Attributes;
}

/** How work ended: what it failed by, where it has failed. */
export type Outcome = { readonly error: unknown } | undefined;

const counted = (instrument: Instrument, attributes: Attributes): Measurement => ({
  instrument,
  value: 1,
  attributes,
});

/** What is measured at an event. */
export function measurementsOf(event: EndpointEvent): readonly Measurement[] {
  const component = { [ATTRIBUTE.component]: event.component };
  const ofType = "type" in event ? { ...component, [ATTRIBUTE.messageType]: event.type } : component;
  switch (event.kind) {
    case "handled":
      return [
        counted(INSTRUMENTS.handled, ofType),
        ...(event.criticalTime === undefined
          ? []
          : [{ instrument: INSTRUMENTS.criticalTime, value: event.criticalTime / 1_000, attributes: ofType }]),
      ];
    case "failed":
      return [counted(INSTRUMENTS.failed, { ...ofType, [ATTRIBUTE.errorType]: errorTypeOf(event.error) })];
    case "retried":
      return [counted(INSTRUMENTS.retried, { ...ofType, [ATTRIBUTE.retry]: "immediate" })];
    case "delayed":
      return [counted(INSTRUMENTS.retried, { ...ofType, [ATTRIBUTE.retry]: "delayed" })];
    case "parked":
      return [counted(INSTRUMENTS.parked, { ...ofType, [ATTRIBUTE.errorType]: errorTypeOf(event.error) })];
    case "duplicate":
    case "expired":
    case "discarded":
    case "dangling":
    case "handled by policy":
      return [counted(INSTRUMENTS.dropped, { ...ofType, [ATTRIBUTE.reason]: event.kind })];
    case "timed out":
      return [counted(INSTRUMENTS.timedOut, component)];
    case "critical":
      return [counted(INSTRUMENTS.critical, component)];
    case "paused":
      return [counted(INSTRUMENTS.pauses, component)];
    case "dropped":
      return [counted(INSTRUMENTS.disconnections, component)];
    default:
      return [];
  }
}

/** Counters that begin at 0, so that the first of what they count is seen as an increase, too. */
const FROM_ZERO = [INSTRUMENTS.timedOut, INSTRUMENTS.critical, INSTRUMENTS.pauses, INSTRUMENTS.disconnections];

/** What is measured of components before anything has happened. */
export const firstMeasurements = (components: readonly string[]): readonly Measurement[] =>
  components.flatMap((component) =>
    FROM_ZERO.map((instrument) => ({ instrument, value: 0, attributes: { [ATTRIBUTE.component]: component } })),
  );

/** What is measured of an attempt to handle a message. */
export function attemptMeasurements({ component }: ObservedAttempt, seconds: number, outcome: Outcome) {
  const attributes = {
    [ATTRIBUTE.system]: SYSTEM,
    [ATTRIBUTE.operation]: "process",
    [ATTRIBUTE.destination]: component,
    [ATTRIBUTE.component]: component,
    ...failure(outcome),
  };
  return [
    counted(INSTRUMENTS.consumed, attributes),
    { instrument: INSTRUMENTS.processing, value: seconds, attributes },
  ] satisfies readonly Measurement[];
}

/** What is measured of messages that leave. */
export function sendMeasurements(
  { messages }: ObservedSend,
  seconds: number,
  outcome: Outcome,
): readonly Measurement[] {
  const sender = messages[0]?.headers[HEADER.source];
  const common = {
    [ATTRIBUTE.system]: SYSTEM,
    ...(sender === undefined ? {} : { [ATTRIBUTE.component]: sender }),
    ...failure(outcome),
  };
  return [
    ...messages
      .filter(({ type }) => type !== CANCELLED)
      .map((message) =>
        counted(INSTRUMENTS.sent, {
          ...common,
          [ATTRIBUTE.operation]: operationOf(message),
          [ATTRIBUTE.destination]: destinationOf(message),
        }),
      ),
    { instrument: INSTRUMENTS.sending, value: seconds, attributes: { ...common, [ATTRIBUTE.operation]: "send" } },
  ];
}

/** What is told of the components of an endpoint when somebody asks. */
export const healthMeasurements = ({ components }: EndpointHealth): readonly Measurement[] =>
  components.flatMap(componentMeasurements);

const HEALTH: Readonly<Record<HealthStatus, number>> = { healthy: 1, degraded: 0.5, unhealthy: 0 };

function componentMeasurements({ name, status, queue }: ComponentHealth): readonly Measurement[] {
  const attributes = { [ATTRIBUTE.component]: name };
  const health = { instrument: INSTRUMENTS.health, value: HEALTH[status], attributes };
  if (queue === undefined) return [health];
  return [
    health,
    { instrument: INSTRUMENTS.queueLength, value: queue.length, attributes },
    { instrument: INSTRUMENTS.queueLag, value: queue.lag / 1_000, attributes },
    { instrument: INSTRUMENTS.queueParked, value: queue.parked, attributes },
    { instrument: INSTRUMENTS.queueConsumers, value: queue.consumers, attributes },
  ];
}

const failure = (outcome: Outcome): Attributes =>
  outcome === undefined ? {} : { [ATTRIBUTE.errorType]: errorTypeOf(outcome.error) };

const OPERATIONS: ReadonlyMap<unknown, string> = new Map([
  ["Publish", "publish"],
  ["Reply", "reply"],
]);

const operationOf = ({ headers }: ObservedMessage): string => OPERATIONS.get(headers[HEADER.intent]) ?? "send";

const destinationOf = ({ headers, type }: ObservedMessage): string => String(headers[HEADER.destination] ?? type);
