import { connectEventStore } from "../eventstoredb/event-store-transport.ts";
import type { ConnectionOptions } from "../eventstoredb/options.ts";
import { jsonSerializer } from "../messages/json-serializer.ts";
import { OutgoingPipeline } from "../pipeline/outgoing-pipeline.ts";
import { type Clock, SYSTEM_CLOCK } from "../schedule/clock.ts";
import { SYSTEM_ENVIRONMENT } from "../store/environment.ts";
import type { MessageFormat } from "./endpoint.ts";
import { combinedInstrumentation, withCreate } from "./instrumentation.ts";
import { type MessageSender, messageSender } from "./message-sender.ts";
import { Replies } from "./replies.ts";

/** A send-only endpoint: it sends, publishes and asks from outside of any handler, and receives nothing but replies. */
export interface Sender extends MessageSender {
  readonly name: string;
  /** Waits for what is being sent, then disconnects. Called again it answers the same promise. */
  stop(): Promise<void>;
}

export interface SenderOptions extends ConnectionOptions, Omit<MessageFormat, "incoming"> {
  /** The clock that deferred messages go by. Default: the system's; another is for tests. */
  readonly clock?: Clock;
}

/**
 * Starts a send-only endpoint. It needs no deployment; what it sends to a component that is not deployed yet waits in that one's
 * queue.
 * @param name where its messages come from, by the rules of component names; several processes may share one.
 * @throws InvalidName, BadConnectionString, ServerUnreachable, AccessRefused, ProjectionsNotRunning
 */
export async function startSender(name: string, options: SenderOptions): Promise<Sender> {
  const { serializer = jsonSerializer, outgoing, clock = SYSTEM_CLOCK } = options;
  const instrumentation = combinedInstrumentation(options.instrumentation ?? []);
  // It receives nothing at which something critical could happen.
  const transport = await connectEventStore(options, { name, onCriticalError: () => {} }, [], instrumentation);
  const { store, dispatcher } = transport;
  const replies = new Replies(store, name, serializer, SYSTEM_ENVIRONMENT);
  const pipeline = new OutgoingPipeline({ serializer, middleware: withCreate(instrumentation, outgoing) });
  const { sender, drained } = messageSender({ name, store, dispatcher, pipeline, replies, clock });
  const stop = async (): Promise<void> => {
    await drained();
    await replies.stop();
    await transport.shutdown(AbortSignal.abort());
  };
  let stopped: Promise<void> | undefined;
  return { name, ...sender, stop: () => (stopped ??= stop()) };
}
