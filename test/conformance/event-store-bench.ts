import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EventStoreDBClient } from "@eventstore/db-client";
import { type Embedded, startEmbedded } from "@sluice/embedded";
import { eventStoreTransport, openParked, type SendMode } from "@sluice/transport";
import type { ConformanceBench, ParkedMessage } from "@sluice/transport/conformance";
import type { TransportDefinition, TransportInfrastructure } from "@sluice/transport/seam";
import { type Front, startFront } from "../faults/front.ts";

/** Milliseconds after which the server takes a message back. */
export const MESSAGE_TIMEOUT = 15_000;

/** A byte more than a server takes in one event. */
export const TOO_LARGE = 1_048_577;

/** A bench over the transport for EventStoreDB, and what ends it. Its server is started when it is first used. */
export interface EventStoreBench extends ConformanceBench, AsyncDisposable {}

/** A server on a disk, and a client beside those that are tried. */
interface Running {
  server: Embedded;
  readonly directory: string;
  readonly client: EventStoreDBClient;
}

/** A process that uses a transport, as far as the server can tell: its connections are its own. */
interface Host {
  readonly front: Front;
  readonly infrastructures: TransportInfrastructure[];
}

/**
 * Runs the transport against an embedded server on a disk, which can be restarted. Each transport reaches it through a front of its
 * own, so that its connections can be cut, held up, or ended as those of a killed process.
 */
export function eventStoreBench(mode: SendMode): EventStoreBench {
  const hosts = new Set<Host>();
  let addresses = 0;
  let started: Promise<Running> | undefined;
  const running = (): Promise<Running> => (started ??= start());

  const end = async ({ front, infrastructures }: Host): Promise<void> => {
    await front.close();
    await Promise.allSettled(infrastructures.map((infrastructure) => infrastructure.shutdown(AbortSignal.abort())));
    await front[Symbol.asyncDispose]();
  };

  return {
    capabilities: eventStoreTransport({ connectionString: "", sends: mode }).capabilities,
    patience: 90_000,
    tooLarge: TOO_LARGE,
    address: () => `place${(addresses += 1)}`,
    async createTransport(): Promise<TransportDefinition> {
      const { server } = await running();
      const host: Host = { front: await startFront(server.port, 0), infrastructures: [] };
      hosts.add(host);
      const transport = eventStoreTransport({
        connectionString: `esdb://127.0.0.1:${host.front.port}?tls=false`,
        sends: mode,
        messageTimeout: MESSAGE_TIMEOUT,
        process: host,
      });
      return {
        capabilities: transport.capabilities,
        async initialize(...settings) {
          const infrastructure = await transport.initialize(...settings);
          host.infrastructures.push(infrastructure);
          return infrastructure;
        },
      };
    },
    async restart() {
      const at = await running();
      const { port } = at.server;
      await at.server.stop();
      at.server = await startEmbedded({ data: at.directory, port });
    },
    async cutConnection() {
      for (const { front } of hosts) front.cut();
    },
    async crash() {
      const killed = [...hosts];
      hosts.clear();
      for (const { front } of killed) await front.close();
      // Nothing that they say reaches the server any more; so that they do not go on for ever they are ended, too.
      for (const host of killed) void end(host);
    },
    async freeze() {
      const held = [...hosts].map(({ front }) => front.suspended());
      await sleep(MESSAGE_TIMEOUT + 2_000);
      for (const one of held) one[Symbol.dispose]();
    },
    loseMessage: async (address, id) => loseMessage((await running()).client, address, id),
    parked: async (address) => parkedOf((await running()).server.connectionString, address),
    async [Symbol.asyncDispose]() {
      await Promise.all([...hosts].map(end));
      if (started === undefined) return;
      const { server, client, directory } = await started;
      await client.dispose();
      await server.stop();
      await rm(directory, { recursive: true });
    },
  };
}

/** Truncates the stream that a message lies in, behind it. */
export async function loseMessage(client: EventStoreDBClient, address: string, id: string): Promise<void> {
  for await (const { event, link } of client.readStream(`$ce-in.${address}`, { resolveLinkTos: true })) {
    if (event?.id !== id || link === undefined) continue;
    await client.setStreamMetadata(event.streamId, { truncateBefore: Number(event.revision) + 1 });
    return;
  }
  throw new Error(`The queue of ${address} holds no message ${id}.`);
}

export async function parkedOf(connectionString: string, address: string): Promise<readonly ParkedMessage[]> {
  const parked = openParked(address, { connectionString });
  const { messages } = await parked.list({ limit: 1_000 });
  await parked.close();
  return messages.flatMap(({ message, policyHeaders }) =>
    message === undefined
      ? []
      : [{ id: message.id, headers: { ...message.headers, ...policyHeaders }, body: message.body }],
  );
}

async function start(): Promise<Running> {
  const directory = await mkdtemp(join(tmpdir(), "sluice-conformance-"));
  const server = await startEmbedded({ data: directory, port: 0 });
  return { server, directory, client: EventStoreDBClient.connectionString(server.connectionString) };
}
