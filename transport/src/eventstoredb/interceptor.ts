import type { Appending } from "../dispatch/appender.ts";
import type { OutgoingEvent } from "../dispatch/outgoing-event.ts";
import type { Headers } from "../messages/header-value.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { ContextItems } from "../pipeline/context-items.ts";
import { warnOf } from "./guarded.ts";

/**
 * Runs around work to see it: it calls `run` before it waits for anything, so that messages keep their order, and lets the outcome
 * pass.
 */
export type Interceptor<Subject> = (subject: Subject, run: () => Promise<void>) => Promise<void>;

/** One attempt to handle a message, as interceptors see it. */
export interface ObservedAttempt {
  /** The component that handles it. */
  readonly component: string;
  readonly message: MessageContext;
  /** Bytes of the body. */
  readonly bodySize: number;
  /** 1 the first time, one more with each immediate retry. */
  readonly attempt: number;
  /** Delayed retries before this one. */
  readonly delayedRetries: number;
  readonly isRedelivery: boolean;
  /** Those that middleware and handlers get, too. */
  readonly items: ContextItems;
}

/** A message that is being stored. */
export interface ObservedMessage {
  readonly id: string;
  readonly type: string;
  /** All of them, the transport's own among them. */
  readonly headers: Headers;
}

/** Messages that are stored in one step. */
export interface ObservedSend {
  readonly messages: readonly ObservedMessage[];
  /** They are the decisions of an aggregate or process manager, perhaps on several messages. */
  readonly isEventSourced: boolean;
}

/**
 * Makes one interceptor of several, the first outermost; undefined where there are none, so that nothing is called for nobody. It
 * changes nothing of what becomes of a message: the work runs once, its own outcome is handed on, and what an interceptor throws is
 * told as a warning.
 */
export function combined<Subject>(
  interceptors: readonly (Interceptor<Subject> | undefined)[],
): Interceptor<Subject> | undefined {
  return interceptors
    .filter((interceptor) => interceptor !== undefined)
    .map(harmless)
    .reduceRight<Interceptor<Subject> | undefined>(
      (inner, outer) => (inner === undefined ? outer : (subject, run) => outer(subject, () => inner(subject, run))),
      undefined,
    );
}

function harmless<Subject>(interceptor: Interceptor<Subject>): Interceptor<Subject> {
  return async (subject, run) => {
    let running: Promise<void> | undefined;
    const once = (): Promise<void> => (running ??= run());
    let thrown: { readonly error: unknown } | undefined;
    try {
      await interceptor(subject, once);
    } catch (error) {
      thrown = { error };
    }
    try {
      await once();
    } catch (error) {
      // What it handed on is not its own.
      if (thrown?.error === error) thrown = undefined;
      throw error;
    } finally {
      if (thrown !== undefined) warnOf(thrown.error);
    }
  };
}

/** The same appends, with an interceptor around each. */
export function interceptedAppender(appender: Appending, intercept: Interceptor<ObservedSend> | undefined): Appending {
  if (intercept === undefined) return appender;
  const subject = (messages: readonly OutgoingEvent[], isEventSourced: boolean): ObservedSend => ({
    messages: messages.map(({ event: { id, type }, headers }) => ({ id, type, headers })),
    isEventSourced,
  });
  return {
    append: (stream, messages, options) =>
      messages.length === 0
        ? appender.append(stream, messages, options)
        : intercept(subject(messages, false), () => appender.append(stream, messages, options)),
    async appendExpecting(stream, messages, expected) {
      let revision: bigint | undefined;
      try {
        await intercept(subject(messages, true), async () => {
          revision = await appender.appendExpecting(stream, messages, expected);
          if (revision === undefined) throw new Conflict(stream);
        });
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
      }
      return revision;
    },
  };
}

/** To an interceptor, an append that comes too late has failed. */
class Conflict extends Error {
  override readonly name = "Conflict";

  constructor(stream: string) {
    super(`Another process has appended to ${stream} meanwhile; it is decided anew.`);
  }
}
