import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "@sluice/embedded";
import { eventStoreTransport, openParked, type SendMode } from "@sluice/transport";
import type { AdapterBench, PutAside } from "@sluice/transport/conformance";
import type { TransportDefinition, TransportInfrastructure } from "@sluice/transport/seam";

/** What all benches on one server share: names, and what is done to the server and its queues beside the adapter. */
export interface SluiceServer extends Required<
  Pick<AdapterBench, "name" | "putAside" | "retry" | "sendBytes" | "restart" | "crash">
> {
  readonly connectionString: string;
  /** A transport that ends with {@link AdapterBench.crash}. */
  transport(): TransportDefinition;
  /** Has what was connected by an adapter itself end with {@link AdapterBench.crash}, too. */
  endsInCrash(infrastructure: TransportInfrastructure): void;
  /** What was killed has not ended by itself: it does when the server is closed. */
  endsAtClose(stop: () => Promise<unknown>): void;
  close(): Promise<void>;
}

/** What the bus makes of a message of the suite. */
export interface Wire {
  /** The type of what is sent. */
  readonly type: string;
  /** The text in a body, as JSON has it. */
  textOf(body: unknown): unknown;
}

/** Starts a server on files of its own, for an adapter under test. */
export async function sluiceServer(sends: SendMode, { type, textOf }: Wire): Promise<SluiceServer> {
  const data = await mkdtemp(join(tmpdir(), "sluice-adapters-"));
  let server = await startEmbedded({ data, port: 0 });
  const { connectionString, port } = server;
  const connected = new Set<TransportInfrastructure>();
  const ending: (() => Promise<unknown>)[] = [];
  let names = 0;
  const parkedOf = async <Value>(
    name: string,
    use: (parked: ReturnType<typeof openParked>) => Promise<Value>,
  ): Promise<Value> => {
    const parked = openParked(name, { connectionString });
    try {
      return await use(parked);
    } finally {
      await parked.close();
    }
  };
  const textIn = (body: Uint8Array | undefined): string | undefined => {
    try {
      const text = textOf(JSON.parse(new TextDecoder().decode(body)));
      return typeof text === "string" ? text : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    connectionString,
    name: () => `application${(names += 1)}`,
    transport() {
      const transport = eventStoreTransport({ connectionString, sends, process: {} });
      return {
        capabilities: transport.capabilities,
        async initialize(host, receivers) {
          const infrastructure = await transport.initialize(host, receivers);
          connected.add(infrastructure);
          return infrastructure;
        },
      };
    },
    endsInCrash: (infrastructure) => void connected.add(infrastructure),
    async crash() {
      await Promise.all([...connected].map((infrastructure) => infrastructure.shutdown(AbortSignal.abort())));
      connected.clear();
    },
    async restart() {
      await server.stop();
      server = await startEmbedded({ data, port });
    },
    putAside: (name) =>
      parkedOf(name, async (parked) => {
        const { messages } = await parked.list();
        return messages
          .map(({ message, exception }): PutAside => ({ text: textIn(message?.body), reason: exception.message }))
          .toReversed();
      }),
    retry: (name) => parkedOf(name, async (parked) => void (await parked.retry("all", { by: "a test" }))),
    async sendBytes(to, body) {
      const host = { name: "stranger", onCriticalError: () => {} };
      const { dispatcher, shutdown } = await eventStoreTransport({ connectionString }).initialize(host, []);
      const message = { id: randomUUID(), type, headers: {}, body, isJson: false };
      await dispatcher.dispatch({ unicast: [{ message, destination: to }] });
      await shutdown(AbortSignal.timeout(10_000));
    },
    endsAtClose: (stop) => void ending.push(stop),
    async close() {
      await Promise.allSettled(ending.map((stop) => stop()));
      await server.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}
