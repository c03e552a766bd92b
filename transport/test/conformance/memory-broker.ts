import type {
  Capabilities,
  MulticastOperation,
  Operations,
  SubscribeFrom,
  TransportMessage,
} from "@sluice/transport/seam";
import type { ParkedMessage } from "@sluice/transport/conformance";
import type { VirtualClock } from "./virtual-clock.ts";

export const MEMORY_CAPABILITIES: Capabilities = Object.freeze({
  delayedDelivery: true,
  publishSubscribe: true,
  publishedHistory: true,
  duplicateDetection: true,
  timeToBeReceived: true,
  atomicDispatch: true,
  parking: true,
});

/** As many bytes are too many for one message. */
export const TOO_LARGE = 1_000_000;
/** Whose process has ended that often is parked; the time before it is handled alone. */
const MOST_CRASHES = 3;

/** A message in a queue, with what is known of it. */
export interface Entry {
  readonly nativeId: string;
  readonly message: TransportMessage;
  readonly discardAfter: Date | undefined;
  readonly delayedRetries: number;
  firstFailedAt: Date | undefined;
  isRedelivery: boolean;
  crashes: number;
  lost: boolean;
}

/** Somebody who takes entries; told when there may be some, and when those that he has are given to others. */
export interface Consumer {
  pump(): void;
  /** Those that he has not settled; he must not settle them any more. */
  takeBack(): readonly Entry[];
  /** His process is no more. */
  crash(): void;
}

interface Queue {
  readonly waiting: Entry[];
  readonly parked: ParkedMessage[];
  readonly consumers: Set<Consumer>;
  readonly known: Set<string>;
  readonly types: Set<string>;
}

/** What a server would keep: queues, what was published, and who has subscribed. */
export class MemoryBroker {
  readonly clock: VirtualClock;
  readonly #queues = new Map<string, Queue>();
  readonly #published: MulticastOperation[] = [];
  #entries = 0;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  /** Stores all of it, or refuses. */
  dispatch({ unicast = [], multicast = [] }: Operations): void {
    for (const { destination } of unicast) if (destination === "") throw new Error("An empty text is no address.");
    for (const { message } of [...unicast, ...multicast])
      if (message.body.length >= TOO_LARGE)
        throw new Error(`${message.type} has ${message.body.length} bytes; ${TOO_LARGE} are too many.`);
    for (const { message, destination, deliverAt, discardAfter } of unicast) {
      const enqueue = () => this.#enqueue(destination, message, discardAfter);
      if (deliverAt !== undefined && deliverAt > this.clock.now()) this.clock.at(deliverAt, enqueue);
      else enqueue();
    }
    for (const operation of multicast) {
      this.#published.push(operation);
      for (const [address, { types }] of this.#queues)
        if (isWanted(operation, types)) this.#deliver(address, operation);
    }
  }

  subscribe(address: string, wanted: ReadonlyMap<string, SubscribeFrom>): void {
    const { types } = this.#queue(address);
    for (const [type, from] of wanted) {
      if (types.has(type)) continue;
      types.add(type);
      if (from === "now") continue;
      for (const operation of this.#published)
        if (isWanted(operation, new Set([type]))) this.#deliver(address, operation);
    }
  }

  unsubscribe(address: string, type: string): void {
    this.#queue(address).types.delete(type);
  }

  attach(address: string, consumer: Consumer): void {
    this.#queue(address).consumers.add(consumer);
    consumer.pump();
  }

  detach(address: string, consumer: Consumer): void {
    this.#queue(address).consumers.delete(consumer);
    this.#return(address, consumer.takeBack());
  }

  /** The next entry that may be handled beside these. */
  take(address: string, beside: readonly Entry[]): Entry | undefined {
    const { waiting, parked } = this.#queue(address);
    for (;;) {
      const next = waiting[0];
      if (next === undefined || !this.mayTake(next, beside)) return undefined;
      waiting.shift();
      if (next.crashes >= MOST_CRASHES) parked.push(toParked(next, { reason: "its process ended each time" }));
      else if (!next.lost && !this.isExpired(next)) return next;
    }
  }

  /** What may end its process is handled alone, so that nobody is taken along. */
  protected mayTake(next: Entry, beside: readonly Entry[]): boolean {
    const mayCrash = ({ crashes }: Entry) => crashes >= MOST_CRASHES - 1;
    return beside.length === 0 || ![next, ...beside].some(mayCrash);
  }

  protected isKnown(known: ReadonlySet<string>, id: string): boolean {
    return known.has(id);
  }

  protected crashed(entry: Entry): void {
    entry.crashes += 1;
  }

  isExpired({ discardAfter }: Entry): boolean {
    return discardAfter !== undefined && discardAfter < this.clock.now();
  }

  retryLater(address: string, entry: Entry, milliseconds: number): void {
    const again: Entry = { ...entry, delayedRetries: entry.delayedRetries + 1 };
    this.clock.at(new Date(this.clock.now().getTime() + milliseconds), () => this.#return(address, [again]));
  }

  giveBack(address: string, entry: Entry): void {
    this.#return(address, [entry]);
  }

  park(address: string, entry: Entry, headers: ParkedMessage["headers"]): void {
    this.#queue(address).parked.push(toParked(entry, headers));
  }

  parked(address: string): readonly ParkedMessage[] {
    return this.#queue(address).parked;
  }

  lose(address: string, id: string): void {
    for (const entry of this.#queue(address).waiting) if (entry.message.id === id) entry.lost = true;
  }

  /** Gives what is being handled to others, as a server does when it no longer hears from those who handle it. */
  takeAllBack(): void {
    for (const [address, { consumers }] of this.#queues)
      for (const consumer of consumers) this.#return(address, consumer.takeBack());
  }

  /** Ends everybody who is attached. */
  crashAll(): void {
    for (const [address, { consumers }] of this.#queues) {
      for (const consumer of consumers) {
        consumer.crash();
        const entries = consumer.takeBack();
        for (const entry of entries) this.crashed(entry);
        this.#return(address, entries);
      }
      consumers.clear();
    }
  }

  #deliver(address: string, { message, discardAfter }: MulticastOperation): void {
    this.#enqueue(address, message, discardAfter);
  }

  #enqueue(address: string, message: TransportMessage, discardAfter: Date | undefined): void {
    const queue = this.#queue(address);
    if (this.isKnown(queue.known, message.id)) return;
    queue.known.add(message.id);
    queue.waiting.push({
      nativeId: `${address}/${(this.#entries += 1)}`,
      message: copyOf(message),
      discardAfter,
      delayedRetries: 0,
      firstFailedAt: undefined,
      isRedelivery: false,
      crashes: 0,
      lost: false,
    });
    this.#pump(queue);
  }

  #return(address: string, entries: readonly Entry[]): void {
    const queue = this.#queue(address);
    for (const entry of entries) entry.isRedelivery = true;
    queue.waiting.unshift(...entries);
    this.#pump(queue);
  }

  #pump({ consumers }: Queue): void {
    for (const consumer of consumers) consumer.pump();
  }

  #queue(address: string): Queue {
    const queue = this.#queues.get(address) ?? {
      waiting: [],
      parked: [],
      consumers: new Set(),
      known: new Set(),
      types: new Set(),
    };
    this.#queues.set(address, queue);
    return queue;
  }
}

export const copyOf = (message: TransportMessage): TransportMessage => ({
  ...message,
  headers: { ...message.headers },
  body: message.body.slice(),
});

function toParked({ message }: Entry, headers: ParkedMessage["headers"]): ParkedMessage {
  return { id: message.id, headers: { ...message.headers, ...headers }, body: message.body };
}

function isWanted({ message, baseTypes = [] }: MulticastOperation, types: ReadonlySet<string>): boolean {
  return [message.type, ...baseTypes].some(
    (type) =>
      types.has(type) || [...types].some((wanted) => wanted.endsWith(".*") && type.startsWith(wanted.slice(0, -1))),
  );
}
