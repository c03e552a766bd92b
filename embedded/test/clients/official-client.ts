import { test, type TestContext } from "node:test";
import type * as Library from "@eventstore/db-client";
import { type Embedded, type EmbeddedOptions, startEmbedded } from "../../src/index.ts";

export type Client = Library.EventStoreDBClient;

/**
 * One of the official clients, under the types of the older one. Their generated messages share a global name, so
 * that each spoils the other in one process: what is tried with both is handed its client and imports none.
 */
export interface OfficialClient {
  /** What else the package exports: constants, filters, makers of events. */
  readonly library: typeof Library;
  /** What stands before `://` in its connection strings. */
  readonly scheme: string;
  /** All calls that it offers. */
  readonly methods: readonly string[];
  /** Those that a test has made. */
  readonly called: Set<string>;
  connect(t: TestContext, connectionString: string): Client;
}

/** On the prototypes, but nothing that is asked of the server. */
const NO_CALLS = new Set(["constructor", "createDeadline", "setCredentialsProvider"]);

export function methodsOf(client: { readonly prototype: object }): string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(client.prototype))
    .filter(([name, { value }]) => typeof value === "function" && !NO_CALLS.has(name))
    .map(([name]) => name);
}

/** The client, with its calls noted; `adapted` replaces some. */
export function noted<C extends object>(client: C, called: Set<string>, adapted: Partial<C> = {}): C {
  return new Proxy(client, {
    get(target, name: Extract<keyof C, string>) {
      called.add(name);
      const value = adapted[name] ?? target[name];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Requires that all calls whose name is `about` something were made by the tests before. */
export function completeness(of: OfficialClient, what: string, about: (name: string) => boolean): void {
  test(`completeness – every call about ${what} was made`, (t) => {
    t.assert.deepEqual(
      of.methods.filter((name) => about(name) && !of.called.has(name)),
      [],
    );
  });
}

const endings = new WeakMap<TestContext, (() => unknown)[]>();

/** Runs `end` when the test is over; what began last ends first. */
export function atEnd(t: TestContext, end: () => unknown): void {
  const ends = endings.get(t);
  if (ends !== undefined) return void ends.push(end);
  const own = [end];
  endings.set(t, own);
  t.after(async () => {
    for (const one of own.toReversed()) await one();
  });
}

/** A server in memory, gone when the test is over. */
export async function startedServer(t: TestContext, options: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const server = await startEmbedded({ memory: true, port: 0, ...options } as EmbeddedOptions);
  atEnd(t, () => server.stop());
  return server;
}

/** A server in memory with a client of it. */
export async function connected(
  t: TestContext,
  of: OfficialClient,
  options: Partial<EmbeddedOptions> = {},
): Promise<{ readonly server: Embedded; readonly client: Client }> {
  const server = await startedServer(t, options);
  return { server, client: of.connect(t, server.connectionString) };
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** Whether a moment lies between `begin` and now; the newer client's bridge tells whole seconds only. */
export const isSince = (begin: number, moment: Date): boolean =>
  moment.getTime() > begin - 1000 && moment.getTime() <= Date.now();

/** The data of each event, as `{ n }`. */
export const numbersOf = (
  events: readonly { readonly event?: { readonly data?: unknown } | undefined }[],
): (number | undefined)[] => events.map(({ event }) => (event?.data as { n: number } | undefined)?.n);

/** Events of type "Counted" that carry `{ n }`, from `from` on. */
export const countedUpTo = ({ library }: OfficialClient, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => library.jsonEvent({ type: "Counted", data: { n: from + i } }));

export const counted = (of: OfficialClient, n: number) => countedUpTo(of, 1, n);
