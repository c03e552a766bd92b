import { randomUUID } from "node:crypto";
import { type BusConfiguration, type BusInstance, Bus, type Logger, type Transport } from "@node-ts/bus-core";
import { Command, Event } from "@node-ts/bus-messages";
import { startEmbedded } from "@sluice/embedded";
import {
  eventStoreTransport,
  openParked,
  type ParkedMessage,
  type SendMode,
  type TransportEvent,
} from "@sluice/transport";
import { type NodeTsBusOptions, nodeTsBusTransport, type NodeTsBusTransport } from "@sluice/transport/node-ts-bus";
import { until } from "../../until.ts";

/** What a test says of its transport; the rest is the bench's. */
export type BenchOptions = Partial<Omit<NodeTsBusOptions, "transport">> & { readonly sends?: SendMode };

/** A server in memory, and the buses of one test on it; all end with it. */
export interface Bench extends AsyncDisposable {
  readonly connectionString: string;
  /** What all transports have told, in order. */
  readonly seen: readonly TransportEvent[];
  transport(options?: BenchOptions): NodeTsBusTransport;
  /** Starts a bus on a transport of its own. */
  start(configure: (bus: BusConfiguration) => unknown, options?: BenchOptions): Promise<BusInstance>;
  parked(queueName: string): Promise<readonly ParkedMessage[]>;
  /** Waits until so many are put aside. */
  untilParked(queueName: string, count: number): Promise<readonly ParkedMessage[]>;
}

export const SILENT: Logger = { debug() {}, trace() {}, info() {}, warn() {}, error() {}, fatal() {} };
/** Retries come as soon as they can. */
const SOON = { calculateRetryDelay: () => 1 };

export async function bench(): Promise<Bench> {
  const server = await startEmbedded({ memory: true, port: 0 });
  const { connectionString } = server;
  const buses: BusInstance[] = [];
  const transports: NodeTsBusTransport[] = [];
  const seen: TransportEvent[] = [];
  const parked = async (queueName: string) => {
    const opened = openParked(queueName, { connectionString });
    const { messages } = await opened.list();
    await opened.close();
    return messages;
  };
  const transport = ({ sends = "transactional", queueName = nextName(), ...options }: BenchOptions = {}) => {
    const on = (event: TransportEvent) => void seen.push(event);
    const made = nodeTsBusTransport({
      queueName,
      ...options,
      transport: eventStoreTransport({ connectionString, sends, on, process: {} }),
    });
    transports.push(made);
    return made;
  };
  return {
    connectionString,
    seen,
    transport,
    parked,
    async start(configure, options) {
      const configuration = Bus.configure()
        .withTransport(transport(options))
        .withLogger(() => SILENT)
        .withRetryStrategy(SOON);
      configure(configuration);
      const bus = configuration.build();
      buses.push(bus);
      await bus.initialize();
      await bus.start();
      return bus;
    },
    untilParked: (queueName, count) =>
      until(async () => {
        const messages = await parked(queueName);
        return messages.length >= count ? messages : undefined;
      }),
    async [Symbol.asyncDispose]() {
      await Promise.all(buses.map((bus) => bus.dispose()));
      await Promise.all(transports.map((made) => made.dispose()));
      await server.stop();
    },
  };
}

// Each bus listens for the signals that end the process, and goes on to when it is disposed.
process.setMaxListeners(0);

let names = 0;
/** A queue that nobody has used. */
export const nextName = (): string => `queue${(names += 1)}`;

export class PlaceOrder extends Command {
  readonly $name = "@shop/place-order";
  readonly $version = 1;
  orderId = "";
}

export class OrderPlaced extends Event {
  readonly $name = "@shop/order-placed";
  readonly $version = 1;
  orderId = "";
}

export class OrderPaid extends Event {
  readonly $name = "@shop/order-paid";
  readonly $version = 1;
  orderId = "";
}

/** A message of a class with what is given. */
export const of = <Message extends object>(Class: new () => Message, given: Partial<Message> = {}): Message =>
  Object.assign(new Class(), given);

export const newOrder = () => of(PlaceOrder, { orderId: randomUUID() });

/** The transport as the bus sees it: that it fits is compiled here. */
export const asTransport = (transport: NodeTsBusTransport): Transport => transport;
