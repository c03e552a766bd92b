import {
  AccessDeniedError,
  convertToCommandError,
  EventStoreDBClient,
  type GRPCClientConstructor,
} from "@eventstore/db-client";
import { AccessRefused } from "./access-refused.ts";
import type { PersistentSubscriptionsClient, StreamsClient } from "./generated.ts";
import { BadConnectionString } from "./bad-connection-string.ts";
import { isTransient } from "./is-transient.ts";
import { ServerUnreachable } from "./server-unreachable.ts";

/** Milliseconds in which the server must answer a call: the client's own default. */
export const CALL_LIMIT = 10_000;

type Stub = InstanceType<typeof PersistentSubscriptionsClient | typeof StreamsClient>;
/** Metadata and options of a call: whose it is, and how long it may take. */
export type CallArguments = ReturnType<EventStoreDBClient["callArguments"]>;

/** The way to a server by the official client, and how failures on it are told. */
export class Connection {
  /** Host and port, for messages to people. */
  readonly address: string;
  readonly #connectionString: string;
  #client: EventStoreDBClient;
  readonly #retired = new Set<Promise<void>>();

  /** @throws BadConnectionString. Nothing is connected yet: the first call does that. */
  constructor(connectionString: string) {
    this.#connectionString = connectionString;
    this.#client = open(connectionString);
    this.address = /:\/\/(?:[^@/]*@)?([^?/]*)/.exec(connectionString)?.[1] ?? connectionString;
  }

  /** For what the client itself offers. Its calls go through {@link call}. */
  get client(): EventStoreDBClient {
    return this.#client;
  }

  /** Makes a call and tells a server that did not answer from one that refused. @throws ServerUnreachable, AccessRefused */
  async call<Answer>(call: (client: EventStoreDBClient) => Promise<Answer>): Promise<Answer> {
    try {
      return await call(this.#client);
    } catch (error) {
      throw this.explain(error);
    }
  }

  /** Makes a call with one of the client's stubs, over the client's connection and with its credentials. */
  withStub<S extends Stub, Answer>(
    stub: GRPCClientConstructor<S>,
    limit: number,
    action: (stub: S, given: CallArguments) => Promise<Answer>,
  ): Promise<Answer> {
    return this.call((client) => {
      const given = client["callArguments"]({}, { deadline: limit === Infinity ? limit : Date.now() + limit });
      return client["execute"](stub, stub.name, (made) => action(made, given));
    });
  }

  /** What a failure of the client means to the caller: ServerUnreachable, AccessRefused, or the failure itself. */
  explain(failure: unknown): unknown {
    const cause = failure instanceof Error ? convertToCommandError(failure) : failure;
    if (isTransient(cause)) return new ServerUnreachable(this.address, { cause });
    return cause instanceof AccessDeniedError ? new AccessRefused(this.address, { cause }) : cause;
  }

  /** The server did not do what was due, and did not say why. */
  unreachable(why: string): ServerUnreachable {
    return new ServerUnreachable(this.address, { cause: new Error(why) });
  }

  /**
   * Puts a new client in the place of one that is stuck: a deadline that has passed does not make it look for another node, and a
   * first call that failed is kept by it for ever (cluster.md). What is open on the old one ends.
   */
  renew(): void {
    const old = this.#client.dispose();
    this.#retired.add(old);
    void old.finally(() => this.#retired.delete(old));
    this.#client = open(this.#connectionString);
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#client.dispose(), ...this.#retired]);
  }
}

function open(connectionString: string): EventStoreDBClient {
  let client: EventStoreDBClient;
  try {
    client = EventStoreDBClient.connectionString(connectionString);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BadConnectionString(withoutCredentials(reason, connectionString));
  }
  catchReconnecting(client);
  return client;
}

/**
 * After a failed call the client looks for the server anew and awaits a discovery in a promise that nobody holds: while no leader
 * stands its rejection would end the process (cluster.md). The next call discovers again, and tells its own caller.
 */
function catchReconnecting(client: EventStoreDBClient): void {
  const handleError = client["handleError"];
  client["handleError"] = async (...failure) => {
    try {
      await handleError(...failure);
    } catch {
      // Told to the caller of whichever call comes next.
    }
  };
}

/** The client quotes a part of the string that it does not understand. */
const withoutCredentials = (text: string, connectionString: string): string => {
  const credentials = /:\/\/([^@]*)@/.exec(connectionString)?.[1] ?? "";
  return credentials
    .split(":")
    .reduce((masked, secret) => (secret === "" ? masked : masked.replaceAll(secret, "…")), text);
};
