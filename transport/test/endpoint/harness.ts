import { setTimeout as sleep } from "node:timers/promises";
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  type ReadStreamOptions,
  type ResolvedEvent,
  StreamNotFoundError,
} from "@eventstore/db-client";
import type { ParkReason } from "../../src/receive/park-reason.ts";
import {
  type Clock,
  type Component,
  type Endpoint,
  startSender,
  type EndpointEvent,
  type Sender,
  startEndpoint,
} from "../../src/index.ts";
import type { Names } from "../names.ts";
import { patient, patiently } from "../patient.ts";
import { PATIENCE, serverUnderTest } from "../server-under-test.ts";

/** A server, a sender and a client beside the endpoints of one test; all end with it. */
export interface Bench extends AsyncDisposable {
  readonly connectionString: string;
  /** Makes a name that only this test has; a test may take nothing for its own that carries none. */
  readonly name: Names;
  /** For a process that needs the same names. */
  readonly run: string;
  readonly client: EventStoreDBClient;
  /** Named `name("test")`. */
  readonly sender: Sender;
  readonly seen: EndpointEvent[];
  start(...components: Component[]): Promise<Endpoint>;
}

/** @param options.clock what all of it goes by; default: the system's. */
export async function bench(options: { readonly clock?: Clock } = {}): Promise<Bench> {
  const server = await serverUnderTest();
  const { connectionString, name, run } = server;
  const sender = await startSender(name("test"), { connectionString, ...options }).catch(async (error: unknown) => {
    await server[Symbol.asyncDispose]();
    throw error;
  });
  const client = patient(EventStoreDBClient.connectionString(connectionString));
  const endpoints: Endpoint[] = [];
  const seen: EndpointEvent[] = [];
  return {
    connectionString,
    name,
    run,
    client,
    sender: patient(sender, withId),
    seen,
    async start(...components) {
      const endpoint = await startEndpoint(components, {
        connectionString,
        ...options,
        on: (event) => void seen.push(event),
      });
      endpoints.push(endpoint);
      return endpoint;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(endpoints.map((endpoint) => endpoint.stop({ deadline: 1_000 })));
      await sender.stop();
      await client.dispose();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** A send that is made again is the same one. */
const withId = (method: string | symbol, args: readonly unknown[]): readonly unknown[] =>
  method === "send" || method === "publish"
    ? [args[0], args[1], { id: crypto.randomUUID(), ...Object(args[2]) }]
    : args;

/** Waits until `probe` gives something, as long as it may take on any server. */
export async function until<Value>(
  what: string,
  probe: () => Value | Promise<Value>,
): Promise<Exclude<Value, false | undefined>> {
  for (const end = Date.now() + PATIENCE; ;) {
    const value = await probe();
    if (value !== false && value !== undefined) return value as Exclude<Value, false | undefined>;
    if (Date.now() > end) throw new Error(`timed out waiting until ${what}`);
    await sleep(10);
  }
}

/** What a stream holds, links resolved, from its beginning unless told otherwise; nothing where it does not exist. */
export async function read(
  client: EventStoreDBClient,
  stream: string,
  options: ReadStreamOptions = { resolveLinkTos: true },
): Promise<ResolvedEvent[]> {
  return patiently(async () => {
    const events: ResolvedEvent[] = [];
    try {
      for await (const resolved of client.readStream(stream, options)) events.push(resolved);
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    return events;
  });
}

/** Waits until `count` events of a type are among those that were published last, by whomever. */
export async function published(client: EventStoreDBClient, type: string, count: number): Promise<void> {
  const last = { direction: BACKWARDS, fromRevision: END, maxCount: 4_000, resolveLinkTos: true } as const;
  await until(`${count} ${type} are published`, async () => {
    const events = await read(client, "$ce-out", last);
    return events.filter(({ event }) => event?.type === type).length >= count;
  });
}

/** The reasons beside the parked messages of a component, once there are `count`. */
export async function parked(client: EventStoreDBClient, component: string, count: number): Promise<ParkReason[]> {
  const stream = `$persistentsubscription-$ce-in.${component}::${component}-parked`;
  const links = await until(`${count} parked`, async () => {
    const found = await read(client, stream, {});
    return found.length >= count && found;
  });
  return links.map(({ event }) => {
    const { reason } = event!.metadata as { reason: string };
    return JSON.parse(reason.slice(reason.indexOf("\n") + 1));
  });
}
