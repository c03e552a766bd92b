import type { DispatchOptions, MessageDispatcher } from "../seam/message-dispatcher.ts";
import type { Operations } from "../seam/operations.ts";
import type { OutgoingMessage } from "../messages/outgoing-message.ts";
import { CANCELLED } from "../messages/cancellation.ts";
import { InvalidTiming } from "../messages/invalid-timing.ts";
import { hasMinute } from "../topology/minute.ts";
import type { Appending, AppendingOptions } from "./appender.ts";
import { directTarget, type Origin, type OutgoingEvent, toEvent } from "./outgoing-event.ts";

/** Who sends, and on what way. */
export interface DispatcherOptions extends Omit<Origin, "now"> {
  readonly appender: Appending;
  /**
   * Stream from which a router leads messages on: what has to leave in one step and goes to several streams is appended there.
   * Undefined: there is none, so that only what goes to one stream leaves in one step.
   */
  readonly intermediate: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A message whose stream and event are known. */
export interface Prepared {
  /** The stream that it goes to where no router leads it. */
  readonly target: string;
  readonly outgoing: OutgoingEvent;
  readonly isIsolated: boolean;
}

/** Sends outside of any message being handled. */
export class Dispatcher implements MessageDispatcher {
  readonly #options: DispatcherOptions;
  readonly #sending = new Set<Promise<void>>();

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  async dispatch(operations: Operations, options: DispatchOptions = {}): Promise<void> {
    const sending = this.#send(operations, options);
    this.#sending.add(sending);
    await sending.finally(() => this.#sending.delete(sending));
  }

  /** Settles when all that is being sent is stored, or has failed. */
  async drained(): Promise<void> {
    await Promise.allSettled(this.#sending);
  }

  async #send(operations: Operations, { isNew = false }: DispatchOptions): Promise<void> {
    const { appender, intermediate } = this.#options;
    const { isolated, together } = prepare(operations, this.#options);
    const alone = !isNew;
    const goesToOne = together.every(({ target }) => target === together[0]?.target);
    await Promise.all([
      storeEach(appender, isolated, { alone }),
      storeTogether(appender, together, goesToOne ? undefined : intermediate, { alone }),
    ]);
  }
}

/** Makes events of operations, and refuses all of them where one cannot be sent. @throws InvalidName, InvalidHeader, InvalidTiming */
export function prepare(
  { unicast = [], multicast = [] }: Operations,
  { source, now, handling }: Omit<DispatcherOptions, "appender" | "intermediate">,
): { readonly isolated: readonly Prepared[]; readonly together: readonly Prepared[] } {
  const at = new Date(now());
  const prepared = (outgoing: OutgoingMessage, isIsolated = false): Prepared => {
    const { deliverAt, discardAfter, message } = outgoing;
    // What cancels a message goes where that one went, whatever the time.
    const isDue = deliverAt !== undefined && deliverAt <= at && message.type !== CANCELLED;
    const timely = isDue ? { ...outgoing, deliverAt: undefined } : outgoing;
    for (const moment of [timely.deliverAt, discardAfter]) {
      if (moment !== undefined && !hasMinute(moment))
        throw new InvalidTiming(message.type, "a time that it names is no moment before the year 10 000");
    }
    return {
      target: directTarget(source, timely),
      outgoing: toEvent(timely, { source, now: at, handling }),
      isIsolated,
    };
  };
  const all = [
    ...unicast.map((operation) => prepared(operation, operation.isolated)),
    ...multicast.map((operation) => prepared(operation, operation.isolated)),
  ];
  return {
    isolated: all.filter(({ isIsolated }) => isIsolated),
    together: all.filter(({ isIsolated }) => !isIsolated),
  };
}

/** Stores each by itself. @throws MessageTooLarge, ServerUnreachable */
export async function storeEach(
  appender: Appending,
  prepared: readonly Prepared[],
  options: AppendingOptions,
): Promise<void> {
  await Promise.all(prepared.map(({ target, outgoing }) => appender.append(target, [outgoing], options)));
}

/**
 * Stores all in one step where there is a stream from which a router leads them on; otherwise in one step what goes to one stream.
 * @throws MessageTooLarge, ServerUnreachable
 */
export async function storeTogether(
  appender: Appending,
  prepared: readonly Prepared[],
  intermediate: string | undefined,
  options: AppendingOptions,
): Promise<void> {
  const append = (stream: string, those: readonly Prepared[]): Promise<void> =>
    appender.append(
      stream,
      those.map(({ outgoing }) => outgoing),
      options,
    );
  const [first, ...others] = prepared;
  if (first === undefined) return;
  // Nearly always.
  if (intermediate !== undefined || others.length === 0) return append(intermediate ?? first.target, prepared);
  await Promise.all([...Map.groupBy(prepared, ({ target }) => target)].map(([stream, those]) => append(stream, those)));
}
