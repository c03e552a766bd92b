/** How a component sends; a transport runs the suite in the first two, since the third is not told at the seam. */
export type Mode = "direct" | "transactional" | "event-sourced";

/** What the transport promises, in one sentence. */
export interface Behavior {
  readonly number: number;
  readonly area: string;
  readonly sentence: string;
  /** In which it has to hold. */
  readonly modes: readonly Mode[];
}

const ALL: readonly Mode[] = ["direct", "transactional", "event-sourced"];

const AREAS: Readonly<Record<string, readonly (readonly [sentence: string, modes: readonly Mode[]])[]>> = {
  Receiving: [
    [
      "A message that is in the queue reaches the handler with a native id, its headers and exactly its body's bytes (JSON and binary)",
      ALL,
    ],
    ["Headers with any Unicode, in names and values, survive", ALL],
    ["With limit n, n messages are handled at once when more wait, and no more; all are handled", ALL],
    ["The limit raised while running takes effect", ALL],
    ["Raised, then lowered: the last value wins", ALL],
    ["Lowered takes effect", ALL],
    ["Stop waits for handlers in flight, and their signal is not aborted", ALL],
    ["Stop with an expired deadline aborts their signal; the message comes again later", ALL],
    ["Stop, send, start: the message is received", ALL],
    ["A handler failing during stop is settled, no critical error", ALL],
    [
      "A handler that throws reaches the error policy with the exception, headers and number of attempts (1 first)",
      ALL,
    ],
    ["The attempt grows 1, 2, 3 over immediate retries", ALL],
    ["A delayed retry starts counting immediate ones anew, and keeps the number of delayed ones", ALL],
    ["Header changes made by a handler are seen neither by the error policy nor by the retry", ALL],
    ["Context items set by a handler are seen by the error policy", ALL],
    [
      "When the error policy itself throws, a critical error is raised with the native id and that exception, and the message is delivered again",
      ALL,
    ],
    ['A message sent by the error policy when it says "handled" is dispatched', ALL],
    ["A send-only endpoint has no receiver and starts", ALL],
    ["The receiving address is on both contexts", ALL],
    [
      "Delivery after the connection was cut, the subscription dropped, the leader changed, the server restarted: goes on by itself, nothing lost",
      ALL,
    ],
    [
      "A message whose body cannot be read (bad JSON, unknown type, schema refused) is parked with the reason at once, not retried, and the next one is handled",
      ALL,
    ],
    ["A link to an event that is gone is recorded and settled, never retried for ever", ALL],
  ],
  Sending: [
    ["An isolated send (`immediate`) leaves although the handler then throws", ALL],
    ["A send before the throw does not leave", ["transactional", "event-sourced"]],
    [
      "Either all messages of a handler leave or none, also under `kill -9` at any instant",
      ["transactional", "event-sourced"],
    ],
    ["Order of the messages of one handler is kept per destination", ALL],
    ["Handling a message twice appends the same ids; receivers handle each once", ALL],
    ["A batch over the server's size limit is refused with what and how much; nothing is sent", ALL],
    ["A send to a name that is not a valid component is refused at the call", ALL],
    ["Nobody listening: the message waits in the queue; deployed later, the component gets it", ALL],
  ],
  "Publish, subscribe": [
    [
      "Every subscriber gets an event once; each of its scaled-out instances shares the queue: one instance handles it",
      ALL,
    ],
    ["Publishing from a send-only endpoint", ALL],
    ["A subscription to a base type gets derived events; to two unrelated bases gets it once", ALL],
    ["Unsubscribed: no more of that type; the others go on without gap or repeat", ALL],
    ["Subscribed while traffic flows: no event of other types is lost or repeated", ALL],
    ['`from: "start"` gets all history once, then goes on live without gap', ALL],
    ['`from: "now"` gets none of the history, also after a reset or rebuild of the filter', ALL],
    ["Two versions of a message type live together", ALL],
  ],
  Time: [
    [
      "Deferred: not before its time, soon after; into the past: at once; survives restarts of all processes; cancelled when its saga completes, if asked",
      ALL,
    ],
    [
      "Time to be received: expired messages are dropped and counted, also when retried; an error copy does not expire",
      ALL,
    ],
  ],
  Failures: [
    [
      "Immediate retries n, delayed retries m with growing delay, then parked with everything needed to understand it",
      ALL,
    ],
    ["A custom policy decides per exception", ALL],
    ["An unrecoverable error is parked at once", ALL],
    ["Retried from parked: handled as new, history kept in headers", ALL],
    ["Edited and retried: the original stays", ALL],
    [
      "A crashing process (the handler kills it each time) does not loop for ever: after the limit the message is parked",
      ALL,
    ],
    ["A poison message does not hold up others beyond its slot", ALL],
  ],
  "Process managers and aggregates": [
    ["Started concurrently by two messages of the same correlation: one instance", ["event-sourced"]],
    ["Conflicting updates: retried on the fresh state; no lost update", ["event-sourced"]],
    ["A message for a completed one is ignored or handled as declared", ["event-sourced"]],
    ["Timeouts", ["event-sourced"]],
    ["State and outgoing messages are one append: exactly once under `kill -9` at any instant", ["event-sourced"]],
    ["Requests and replies between process managers correlate", ["event-sourced"]],
    ["Old events are upcast", ["event-sourced"]],
    ["A long stream folds from a snapshot", ["event-sourced"]],
  ],
  Traces: [
    ["Correlation id and causation id through every hop, reply, defer, retry and park", ALL],
    ["One trace across processes in OpenTelemetry", ALL],
    ["Metrics: handled, failed, retried, parked, lag, processing time, critical time", ALL],
  ],
  "Found missing by a first trial": [
    [
      "An older instance that starts beside a newer one takes nothing back; a type it does not know goes to those who know it",
      ALL,
    ],
    [
      "A handler that never settles: signal aborted at its limit, reported, the component goes on with its other slots",
      ALL,
    ],
    ["A message that kills its process each time is parked alone: none of those in flight beside it is", ALL],
    [
      "Whatever a handler throws (undefined, an object whose getters throw, a bigint, an error without message) is parked with a readable reason; the process lives",
      ALL,
    ],
    [
      "`kill -9` anywhere in a deployment: what was delivered before goes on being delivered within seconds of any instance running, and the next start completes it",
      ALL,
    ],
    [
      "A router or filter that faults is noticed within seconds, named with its reason, repaired by one command; nothing lost, nothing handled twice",
      ALL,
    ],
    ["Eight instances of three components start at once on a fresh server: all run", ALL],
    ["The same id sent twice, at any distance within the window, to two instances: handled once", ALL],
    ["An instance frozen longer than the message timeout (SIGSTOP) sends nothing twice when it goes on", ALL],
    [
      "A server that accepts connections and never answers: every public call ends within its deadline with `ServerUnreachable`; wrong or missing logins are `AccessRefused` everywhere",
      ALL,
    ],
    [
      "A send that nobody awaits, made after its handler has ended: refused and told, the process lives, nobody else's handler is cut",
      ALL,
    ],
    ["A lowered limit hoards nothing: an idle second instance gets the messages", ALL],
    ["A retry that decides otherwise: what it decided is sent", ["direct"]],
    ["Ids, correlation ids and headers that would fault a system projection are refused at the call", ALL],
    ["An aggregate declared over a category with history publishes none of it unless asked", ["event-sourced"]],
    ["A malformed published event or a throwing fold stops that view alone, and is told", ALL],
    ['A server that answers ABORTED, DEADLINE_EXCEEDED or "not leader" for a while parks nothing', ALL],
    [
      "A cluster's leader killed, frozen, resigned, under traffic: nothing lost, nothing handled twice by event-sourced handlers, receiving again within ten seconds of a new leader",
      ALL,
    ],
    ["An hour of load: memory level, no timers, streams or listeners left over", ALL],
  ],
};

/** All of them, numbered from 1 on in the order in which they stand. */
export const BEHAVIORS: readonly Behavior[] = Object.entries(AREAS)
  .flatMap(([area, behaviors]) => behaviors.map(([sentence, modes]) => ({ area, sentence, modes })))
  .map((behavior, index) => ({ ...behavior, number: index + 1 }));
