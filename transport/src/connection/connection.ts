import {
  AccessDeniedError,
  type EventData,
  type AppendExpectedRevision,
  type AppendResult,
  EventStoreDBClient,
} from "@eventstore/db-client";
import { AccessRefused } from "./access-refused.ts";
import { BadConnectionString } from "./bad-connection-string.ts";
import { isTransient } from "./is-transient.ts";
import { ServerUnreachable } from "./server-unreachable.ts";

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** One client of the server, and how its failures are told. */
export class Connection {
  readonly client: EventStoreDBClient;
  /** Host and port, for messages to people. */
  readonly address: string;
  readonly #credentials: Credentials | undefined;

  /** @throws BadConnectionString. Nothing is connected yet: the first call does that. */
  constructor(connectionString: string) {
    try {
      this.client = EventStoreDBClient.connectionString(connectionString);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new BadConnectionString(withoutCredentials(reason, connectionString));
    }
    catchReconnecting(this.client);
    this.address = /:\/\/(?:[^@/]*@)?([^?/]*)/.exec(connectionString)?.[1] ?? connectionString;
    this.#credentials = credentialsIn(connectionString);
  }

  /**
   * Appends all events or none; the same ids again are recognised as the same append.
   *
   * Credentials are given on every append because with them the client makes a call of its own for each, with a deadline. Its other
   * way, one long call for all appends of the process, forgets the appends of every client when one client is dropped or
   * disposed, and ends the process when an answer to one of them still arrives. The client drops the credentials without TLS.
   * Over TLS without any (a certificate says who it is) there is only that other way.
   */
  append(stream: string, events: EventData[], expectedRevision: AppendExpectedRevision = "any"): Promise<AppendResult> {
    return this.call(() =>
      this.client.appendToStream(stream, events, {
        expectedRevision,
        ...(this.#credentials === undefined ? {} : { credentials: this.#credentials }),
      }),
    );
  }

  /** Makes a call and tells a server that did not answer from one that refused. @throws ServerUnreachable, AccessRefused */
  async call<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      throw this.explain(error);
    }
  }

  /** What a failure of the client means to the caller: ServerUnreachable, AccessRefused, or the failure itself. */
  explain(cause: unknown): unknown {
    if (isTransient(cause)) return new ServerUnreachable(this.address, { cause });
    return cause instanceof AccessDeniedError ? new AccessRefused(this.address, { cause }) : cause;
  }

  /** The server did not do what was due, and did not say why. */
  unreachable(why: string): ServerUnreachable {
    return new ServerUnreachable(this.address, { cause: new Error(why) });
  }

  async dispose(): Promise<void> {
    await this.client.dispose();
  }
}

/**
 * After a failed call the client looks for the server anew and awaits a discovery in a promise that nobody holds: while no leader
 * stands its rejection would end the process (cluster.md). The next call discovers again, and tells its own caller.
 */
function catchReconnecting(client: EventStoreDBClient): void {
  const handleError: unknown = Reflect.get(client, "handleError");
  if (typeof handleError !== "function") return;
  const guarded = async (...failure: unknown[]): Promise<void> => {
    try {
      await Reflect.apply(handleError, client, failure);
    } catch {
      // Told to the caller of whichever call comes next.
    }
  };
  Reflect.set(client, "handleError", guarded);
}

/** The client quotes a part of the string that it does not understand. */
const withoutCredentials = (text: string, connectionString: string): string => {
  const credentials = /:\/\/([^@]*)@/.exec(connectionString)?.[1] ?? "";
  return credentials
    .split(":")
    .reduce((masked, secret) => (secret === "" ? masked : masked.replaceAll(secret, "…")), text);
};

/** What the connection string says, since the client keeps it to itself. Without TLS any will do, as they are not sent. */
function credentialsIn(connectionString: string): Credentials | undefined {
  const match = /^[^:]+:\/\/([^:@/]+):([^@]+)@/.exec(connectionString.trim());
  if (match?.[1] !== undefined && match[2] !== undefined) {
    return { username: decodeURIComponent(match[1]), password: decodeURIComponent(match[2]) };
  }
  return /[?&]tls=false(&|$)/i.test(connectionString.trim()) ? { username: "nobody", password: "nothing" } : undefined;
}
