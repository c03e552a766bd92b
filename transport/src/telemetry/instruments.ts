/** What is measured: the same by OpenTelemetry and as Prometheus text. */
export interface Instrument {
  /** By OpenTelemetry's rules. */
  readonly name: string;
  /** A `gauge` is asked for when it is read; the others are recorded when something happens. */
  readonly kind: "counter" | "histogram" | "gauge";
  /** By UCUM: `s`, or what is counted in braces. */
  readonly unit: string;
  readonly description: string;
  /** Upper bounds of a histogram's buckets, in its unit. */
  readonly buckets?: readonly number[];
}

/** Those that the messaging conventions advise. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** From a queue that is empty to a message that has waited for a night. */
const WAITS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600, 21_600, 86_400];

/** All instruments. Those whose names begin with `messaging.` are of OpenTelemetry's conventions, the others are Sluice's own. */
export const INSTRUMENTS = {
  sent: {
    name: "messaging.client.sent.messages",
    kind: "counter",
    unit: "{message}",
    description: "Messages that were to be stored on the server; with error.type where they were not.",
  },
  sending: {
    name: "messaging.client.operation.duration",
    kind: "histogram",
    unit: "s",
    description: "Time that the server took to store the messages of one append.",
    buckets: DURATIONS,
  },
  consumed: {
    name: "messaging.client.consumed.messages",
    kind: "counter",
    unit: "{message}",
    description: "Messages that were given to handlers, each attempt counted; with error.type where it failed.",
  },
  processing: {
    name: "messaging.process.duration",
    kind: "histogram",
    unit: "s",
    description: "Processing time: that of one attempt to handle a message, with the storing of what it sent.",
    buckets: DURATIONS,
  },
  handled: {
    name: "sluice.messages.handled",
    kind: "counter",
    unit: "{message}",
    description: "Messages that were handled, and what they sent stored.",
  },
  failed: {
    name: "sluice.messages.failed",
    kind: "counter",
    unit: "{attempt}",
    description: "Attempts to handle a message that failed.",
  },
  retried: {
    name: "sluice.messages.retried",
    kind: "counter",
    unit: "{retry}",
    description: "Failed attempts after which a message is tried again: at once (immediate) or later (delayed).",
  },
  parked: {
    name: "sluice.messages.parked",
    kind: "counter",
    unit: "{message}",
    description: "Messages that were put aside for a person.",
  },
  dropped: {
    name: "sluice.messages.dropped",
    kind: "counter",
    unit: "{message}",
    description: "Messages that were dealt with and not handled: duplicates, expired and discarded ones.",
  },
  timedOut: {
    name: "sluice.handlers.timed_out",
    kind: "counter",
    unit: "{attempt}",
    description: "Handlers that ran beyond their time.",
  },
  critical: {
    name: "sluice.critical_errors",
    kind: "counter",
    unit: "{error}",
    description: "Errors that no retry mends and no policy has dealt with.",
  },
  pauses: {
    name: "sluice.receiver.pauses",
    kind: "counter",
    unit: "{pause}",
    description: "Times that nothing was begun for a while, since a server was away.",
  },
  disconnections: {
    name: "sluice.receiver.disconnections",
    kind: "counter",
    unit: "{disconnection}",
    description: "Times that the connection to the queue was lost.",
  },
  criticalTime: {
    name: "sluice.message.critical_time",
    kind: "histogram",
    unit: "s",
    description: "Critical time: from when a message was sent, or was due, until it was handled.",
    buckets: WAITS,
  },
  queueLength: {
    name: "sluice.queue.length",
    kind: "gauge",
    unit: "{message}",
    description: "Messages that wait in the queue of a component, for all of its instances together.",
  },
  queueLag: {
    name: "sluice.queue.lag",
    kind: "gauge",
    unit: "s",
    description: "Time that the oldest message has waited in the queue of a component.",
  },
  queueParked: {
    name: "sluice.queue.parked",
    kind: "gauge",
    unit: "{message}",
    description: "Messages of a component that are put aside for a person now.",
  },
  queueConsumers: {
    name: "sluice.queue.consumers",
    kind: "gauge",
    unit: "{consumer}",
    description: "Connections by which instances of a component receive, all instances together.",
  },
  health: {
    name: "sluice.component.health",
    kind: "gauge",
    unit: "{status}",
    description: "How a component is in this process: 1 healthy, 0.5 degraded, 0 unhealthy.",
  },
} as const satisfies Readonly<Record<string, Instrument>>;

/** The gauges, which are read together. */
export const GAUGES: readonly Instrument[] = Object.values(INSTRUMENTS).filter(({ kind }) => kind === "gauge");
