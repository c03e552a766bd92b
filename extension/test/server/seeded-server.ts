import { EventStoreDBClient, jsonEvent, type JSONEventType } from "@eventstore/db-client";
import { ServerProcess } from "../../../test/server-process.ts";

/** An event to be seeded. */
export interface Seed {
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly metadata?: Record<string, unknown>;
}

/** What the server holds when nothing else is said: thirty orders, and a ledger of a thousand events. */
export const SEEDS: ReadonlyMap<string, readonly Seed[]> = new Map([
  ...Array.from({ length: 30 }, (_, index): [string, Seed[]] => [
    `order-${index + 1}`,
    [
      { type: "OrderPlaced", data: { order: index + 1, total: 100 + index, currency: "EUR" } },
      { type: "OrderPaid", data: { order: index + 1, amount: 100 + index } },
    ],
  ]),
  [
    "ledger-2026",
    Array.from({ length: 1_000 }, (_, entry): Seed => ({ type: "Booked", data: { entry, amount: entry * 10 } })),
  ],
]);

const OPTIONS = ["--memory", "--insecure"];

/** An embedded server in a process of its own, with events in it and the official client beside it. */
export class SeededServer implements AsyncDisposable {
  readonly client: EventStoreDBClient;
  #process: ServerProcess;

  constructor(process: ServerProcess) {
    this.#process = process;
    this.client = EventStoreDBClient.connectionString(this.connectionString);
  }

  get connectionString(): string {
    return this.#process.connectionString;
  }

  get port(): number {
    return this.#process.port;
  }

  /** Appends in batches of a thousand. */
  async append(stream: string, seeds: readonly Seed[]): Promise<void> {
    for (let first = 0; first < seeds.length; first += 1_000) {
      const batch = seeds.slice(first, first + 1_000);
      await this.client.appendToStream(
        stream,
        batch.map((seed) => jsonEvent<JSONEventType>(seed)),
      );
    }
  }

  /** Holds it still until what is answered is disposed of: it takes requests, and answers none. */
  suspended(): Disposable {
    return this.#process.suspended();
  }

  /** Ends it with no chance to say anything. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }

  /** Starts it at the same address after it was killed, empty. */
  async startAgain(): Promise<void> {
    this.#process = await ServerProcess.start(OPTIONS, this.#process.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.dispose();
    await this.#process.stop();
  }
}

/** Starts one in memory, on a free port of this machine. */
export async function seededServer(streams: ReadonlyMap<string, readonly Seed[]> = SEEDS): Promise<SeededServer> {
  const server = new SeededServer(await ServerProcess.start(OPTIONS));
  for (const [stream, seeds] of streams) await server.append(stream, seeds);
  return server;
}
