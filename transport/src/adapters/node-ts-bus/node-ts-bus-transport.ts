import type {
  BusAttributes,
  BusDependencies,
  BusInitialization,
  BusMessage,
  BusTransportMessage,
  SomeTransportMessage,
} from "./bus-types.ts";
import type { RawMessage } from "./raw-message.ts";

/** What a bus and its transport have to do with each other: `Transport` of `@node-ts/bus-core` 1.3.3, and what is to come in it. */
export interface NodeTsBusTransport {
  prepare(dependencies: BusDependencies): void;
  connect(options: { readonly concurrency: number }): Promise<void>;
  /** Creates what is missing on the server and subscribes to what the bus handles, and then connects. */
  initialize(options: BusInitialization): Promise<void>;
  /** The same, whatever `createMissing` says: for a deployment, after which the instances start with `createMissing: false`. */
  provision(options?: Partial<BusInitialization>): Promise<void>;
  start(): Promise<void>;
  /** Takes no more messages, and waits for those being handled, `stopTimeout` at most. */
  stop(): Promise<void>;
  disconnect(): Promise<void>;
  dispose(): Promise<void>;
  /** To all whose handlers have subscribed to it. */
  publish(event: BusMessage, attributes?: Partial<BusAttributes>): Promise<void>;
  /** To the address that `addressOf` names, and otherwise to all who handle it. */
  send(command: BusMessage, attributes?: Partial<BusAttributes>): Promise<void>;
  /** To one queue, whether it handles the message or not. */
  sendToAddress(message: BusMessage, address: string, attributes?: Partial<BusAttributes>): Promise<void>;
  /** Waits until there is one; undefined when the transport is stopped. */
  readNextMessage(): Promise<BusTransportMessage<RawMessage> | undefined>;
  /** Handled: what was sent on its behalf leaves. Of all that is said of a message the first word counts. */
  deleteMessage(message: SomeTransportMessage): Promise<void>;
  /**
   * To be handled again, after `delay` milliseconds or those of the bus's retry strategy; put aside when it was returned `maxRetries`
   * times, over all processes.
   */
  returnMessage(message: SomeTransportMessage, delay?: number): Promise<void>;
  /** Puts the message aside, with what went wrong. What its handlers send nevertheless leaves. */
  fail(message: SomeTransportMessage, failure?: unknown): Promise<void>;
  /**
   * Hears what a handler threw, which the bus does not tell its transport, so that it stands beside a message that is put aside:
   * `bus.onError.on(transport.noteFailure)`.
   */
  readonly noteFailure: (failed: { readonly rawMessage?: SomeTransportMessage; readonly error: unknown }) => void;
}
