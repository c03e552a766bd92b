import type { CommandDefinition, EventDefinition } from "../messages/definition.ts";

/** What a sender outside of a handler may say about one message. */
export interface OutsideSendOptions {
  /** UUID of the message; the same id sent again is the same message. Default: a new random one. */
  readonly id?: string;
  /** Default: the message's own id. */
  readonly correlationId?: string;
  /** Component that replies go to. Default: none, so the receiver cannot reply. */
  readonly replyTo?: string;
  /** Further headers; names that the transport uses, or that begin with `$`, are refused. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A send-only endpoint: it sends and publishes from outside of any handler, and receives nothing. */
export interface Sender {
  readonly name: string;
  /** Sends a command; answers its id once it is stored. */
  send<Body extends object, Sent extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    options?: OutsideSendOptions & { readonly to?: string },
  ): Promise<string>;
  /** Publishes an event; answers its id once it is stored. */
  publish<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent>,
    body: Sent,
    options?: OutsideSendOptions,
  ): Promise<string>;
  /** Waits for what is being sent, then disconnects. */
  close(): Promise<void>;
}
