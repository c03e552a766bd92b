import type { Calls } from "./calls.ts";
import { Connection } from "./connection.ts";
import type { Heard } from "./liveness.ts";

/**
 * Calls that last which one connection carries. A server takes a hundred calls at once on each (the default of the web server that
 * EventStoreDB runs in), and lets the others wait without a word; the calls that are soon over need room beside those that last.
 */
const LASTING = 60;

/** A connection lent to one call that lasts. */
export interface Lent {
  readonly calls: Calls;
  /** To be called once, when the call is over. */
  release(): void;
}

/** The connections of one process to a server: one, and as many more as subscriptions need. */
export class Connections {
  readonly #connectionString: string;
  readonly #heard: Heard = { times: 0 };
  readonly #lasting = new Map<Connection, number>();
  /** Carries the calls that are soon over. */
  readonly first: Connection;
  #isDisposed = false;

  /** @throws BadConnectionString. Nothing is connected yet: the first call does that. */
  constructor(connectionString: string) {
    this.#connectionString = connectionString;
    this.first = new Connection(connectionString, this.#heard);
    this.#lasting.set(this.first, 0);
  }

  /** The first connection that has room for a call that lasts; a new one where none has. */
  lend(): Lent {
    const [connection] = [...this.#lasting].find(([, lent]) => lent < LASTING) ?? [this.#another()];
    this.#add(connection, 1);
    return { calls: connection, release: () => this.#add(connection, -1) };
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await Promise.all([...this.#lasting.keys()].map((connection) => connection.dispose()));
  }

  /** Where all is over already, nothing more is connected: the first connection says so. */
  #another(): Connection {
    return this.#isDisposed ? this.first : new Connection(this.#connectionString, this.#heard);
  }

  #add(connection: Connection, lent: number): void {
    this.#lasting.set(connection, (this.#lasting.get(connection) ?? 0) + lent);
  }
}
