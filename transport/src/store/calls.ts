import type { EventStoreDBClient, GRPCClientConstructor } from "@eventstore/db-client";
import type { PersistentSubscriptionsClient, StreamsClient } from "./generated.ts";
import type { ServerUnreachable } from "./server-unreachable.ts";

/** Milliseconds in which the server must answer a call: the client's own default. */
export const CALL_LIMIT = 10_000;

export type Stub = InstanceType<typeof PersistentSubscriptionsClient | typeof StreamsClient>;
/** Metadata and options of a call: whose it is, and how long it may take. */
export type CallArguments = ReturnType<EventStoreDBClient["callArguments"]>;

/** Calls to a server, and how failures of them are told. */
export interface Calls {
  /** Host and port, for messages to people. */
  readonly address: string;
  /** Makes a call and tells a server that did not answer from one that refused. @throws ServerUnreachable, AccessRefused */
  call<Answer>(call: (client: EventStoreDBClient) => Promise<Answer>): Promise<Answer>;
  /**
   * Makes a call with one of the client's stubs, over the client's connection and with its credentials. Only a leader answers it.
   * @param limit milliseconds in which it must be answered; Infinity for a subscription.
   */
  withStub<S extends Stub, Answer>(
    stub: GRPCClientConstructor<S>,
    limit: number,
    action: (stub: S, given: CallArguments) => Promise<Answer>,
  ): Promise<Answer>;
  /** How many times as long as usual the server may take for what is due on a call that goes on, 1 or more. */
  readonly slowness: number;
  /** Something has come on a call that goes on. */
  heard(): void;
  /** Something on a call that goes on failed as it does on a node that leads no more. */
  suspect(): void;
  /** The server did not do what was due, and did not say why. */
  unreachable(why: string): ServerUnreachable;
}
