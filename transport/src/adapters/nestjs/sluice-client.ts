import { randomUUID } from "node:crypto";
import {
  ClientProxy,
  type Deserializer,
  type ReadPacket,
  type Serializer,
  type WritePacket,
} from "@nestjs/microservices";
import type { Observable } from "rxjs";
import {
  type EventStoreInfrastructure,
  eventStoreTransport,
  type EventStoreTransportOptions,
  HEADER,
  messageContextOf,
  ServerUnreachable,
} from "../../index.ts";
import type { Headers, Operations, TransportMessage } from "../../seam/index.ts";
import { bodyOf, saidIn } from "./body.ts";
import { ClientClosed } from "./client-closed.ts";
import { handlings } from "./handling.ts";
import { inOrder } from "./in-order.ts";
import { NoDestination } from "./no-destination.ts";
import { PACKET, repliesOf } from "./packet-headers.ts";
import { SluiceRecord } from "./sluice-record.ts";

/** Whether the client can send, as far as it knows by what it has sent last. */
export type ClientStatus = "connected" | "disconnected";

/** Who sends, and to whom. */
export interface SluiceClientOptions extends EventStoreTransportOptions {
  /** Where its messages come from; by the rules of component names. All processes of an application share one. */
  readonly name: string;
  /** The component that answers its requests, or which one answers those of a pattern. Events go to all that handle them. */
  readonly destination?: string | ((pattern: string) => string);
  /** Milliseconds that is waited for what is being sent when the client is closed. Default 10 000. */
  readonly stopWithin?: number;
  /** Makes what is stored of a packet. Default: its data alone, as JSON, or as bytes where it is bytes. */
  readonly serializer?: Serializer;
  /** Makes a packet of what is stored of an answer. Default: Nest's own. */
  readonly deserializer?: Deserializer;
}

const STOP_WITHIN = 10_000;

/** What waits for the values of one answer. */
interface Waiting {
  readonly heard: (index: number | undefined, packet: WritePacket) => void;
  /** There will be no more of them. */
  readonly failed: (err: unknown) => void;
}

/**
 * Sends requests to a component and publishes events. What is emitted while a {@link SluiceServer} with the same connection string
 * handles a message leaves with that: once, when its handlers have ended well, or not at all.
 *
 * ```ts
 * ClientsModule.register([{
 *   name: "ORDERS",
 *   customClass: SluiceClient,
 *   options: { connectionString: "esdb://127.0.0.1:2113?tls=false", name: "web", destination: "orders" },
 * }]);
 * ```
 */
export class SluiceClient extends ClientProxy<Record<never, never>, ClientStatus> {
  readonly #options: SluiceClientOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #emitting = new Set<Promise<void>>();
  #connected: Promise<EventStoreInfrastructure> | undefined;
  #infrastructure: EventStoreInfrastructure | undefined;

  constructor(options: SluiceClientOptions) {
    super();
    this.#options = options;
    // All of a body is the data: other components need not know of packets.
    this.serializer = options.serializer ?? { serialize: ({ data }: ReadPacket) => data };
    this.initializeDeserializer(options as Parameters<typeof this.initializeDeserializer>[0]);
  }

  /** Connects, once. @throws ServerUnreachable, AccessRefused, BadConnectionString, InvalidName */
  async connect(): Promise<void> {
    const connected = (this.#connected ??= this.#open());
    try {
      const infrastructure = await connected;
      // It may have been closed since.
      if (this.#connected !== connected || this.#infrastructure === infrastructure) return;
      this.#infrastructure = infrastructure;
      this._status$.next("connected");
    } catch (error) {
      if (this.#connected === connected) this.#connected = undefined;
      throw error;
    }
  }

  /** Waits for what is being sent, and disconnects. Requests that are not answered by then fail. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#emitting);
    const connected = this.#connected;
    this.#connected = undefined;
    this.#infrastructure = undefined;
    this._status$.next("disconnected");
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { failed } of waiting) failed(new ClientClosed(this.#options.name));
    const infrastructure = await connected?.catch(() => undefined);
    await infrastructure?.shutdown(AbortSignal.timeout(this.#options.stopWithin ?? STOP_WITHIN));
  }

  /** The transport's own infrastructure, of type `EventStoreInfrastructure`. @throws TypeError while the client is not connected */
  override unwrap<T>(): T {
    if (this.#infrastructure === undefined)
      throw new TypeError("The client is not connected: call connect before unwrap.");
    return this.#infrastructure as T;
  }

  /** Publishes an event, or sends it where a {@link SluiceRecord} names a destination; it is on its way when the observable ends. */
  override emit<TResult = unknown, TInput = unknown>(pattern: unknown, data: TInput): Observable<TResult> {
    const emitted = super.emit<TResult, TInput>(pattern, data);
    const sent = new Promise<void>((resolve, reject) => void emitted.subscribe({ complete: resolve, error: reject }));
    const handling = handlings.getStore();
    if (handling?.connectionString === this.#options.connectionString) handling.keep(sent);
    this.#keep(sent);
    return emitted;
  }

  protected override publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    const id = randomUUID();
    const failed = (err: unknown): void => callback({ err, isDisposed: true });
    this.#waiting.set(id, { heard: inOrder(callback), failed });
    void this.#ask(id, packet);
    return () => void this.#waiting.delete(id);
  }

  protected override async dispatchEvent<T>(packet: ReadPacket): Promise<T> {
    const handling = handlings.getStore();
    const isOnBehalf = handling?.connectionString === this.#options.connectionString && !handling.isHandled;
    const { destination, ...operation } = await this.#operation(packet, (type, to) =>
      isOnBehalf ? handling.nextId(type, to) : randomUUID(),
    );
    const operations: Operations =
      destination === undefined ? { multicast: [operation] } : { unicast: [{ ...operation, destination }] };
    if (isOnBehalf) await handling.dispatcher.dispatch(operations);
    else await this.#dispatch(operations);
    // Nest's clients give nothing for an event.
    return undefined as T;
  }

  /** The client is not closed before that has settled. */
  #keep(sent: Promise<void>): void {
    this.#emitting.add(sent);
    const forget = (): void => void this.#emitting.delete(sent);
    sent.then(forget, forget);
  }

  async #ask(id: string, packet: ReadPacket): Promise<void> {
    try {
      await this.#request(id, packet);
    } catch (err) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      waiting?.failed(err);
    }
  }

  async #request(id: string, packet: ReadPacket): Promise<void> {
    const { destination = this.#destinationOf(packet), message, ...said } = await this.#operation(packet, () => id);
    const headers: Headers = {
      ...message.headers,
      [HEADER.replyTo]: repliesOf(this.#options.name),
      [PACKET.kind]: "request",
    };
    // An answer is waited for, so that it leaves at once, and is asked anew where what asks is handled again.
    const operation = { ...said, destination, message: { ...message, headers } };
    await this.#dispatch({ unicast: [operation] });
  }

  #destinationOf({ pattern }: ReadPacket): string {
    const { destination } = this.#options;
    const route = this.normalizePattern(pattern);
    const found = typeof destination === "function" ? destination(route) : destination;
    if (found === undefined) throw new NoDestination(route);
    return found;
  }

  async #operation(packet: ReadPacket, idOf: (type: string, destination?: string) => string) {
    const type = this.normalizePattern(packet.pattern);
    const { data, options } =
      packet.data instanceof SluiceRecord ? packet.data : new SluiceRecord<unknown>(packet.data);
    const { headers: own = {}, destination, discardAfter } = options;
    // Taken before anything is waited for: messages of one type get their ids in the order in which they were emitted.
    const id = idOf(type, destination);
    const handled = handlings.getStore()?.message;
    const headers: Headers = {
      ...packet.metadata,
      ...own,
      ...(handled === undefined
        ? {}
        : { [HEADER.correlationId]: handled.correlationId, [HEADER.causationId]: handled.messageId }),
    };
    const serialized: unknown = await this.serializer.serialize({ ...packet, data, id }, { headers });
    const message: TransportMessage = { id, type, headers, ...bodyOf(serialized) };
    return {
      message,
      ...(destination === undefined ? {} : { destination }),
      ...(discardAfter === undefined ? {} : { discardAfter }),
    };
  }

  /** Sends, and learns by that whether the server is there. @throws ClientClosed: Nest connects before, so it was closed since */
  async #dispatch(operations: Operations): Promise<void> {
    const connected = this.#connected;
    if (connected === undefined) throw new ClientClosed(this.#options.name);
    const tell = (status: ClientStatus): void => void (this.#connected === connected && this._status$.next(status));
    const { dispatcher } = await connected;
    try {
      await dispatcher.dispatch(operations, { isNew: true });
      tell("connected");
    } catch (error) {
      if (error instanceof ServerUnreachable) tell("disconnected");
      throw error;
    }
  }

  async #open(): Promise<EventStoreInfrastructure> {
    const { name } = this.#options;
    const infrastructure = await eventStoreTransport(this.#options).initialize({ name, onCriticalError: () => {} }, []);
    try {
      await infrastructure.listen(repliesOf(name), (message) => void this.#heard(message));
    } catch (error) {
      await infrastructure.shutdown(AbortSignal.abort());
      throw error;
    }
    return infrastructure;
  }

  async #heard(message: TransportMessage): Promise<void> {
    const { causationId = "", headers } = messageContextOf(message.id, message.type, message.headers);
    const waiting = this.#waiting.get(causationId);
    if (waiting === undefined) return;
    const place = headers[PACKET.index];
    const index = typeof place === "number" ? place : undefined;
    try {
      const said = saidIn(message);
      // What another component answers is the data, whatever it looks like.
      const packet: WritePacket =
        headers[PACKET.kind] === "response"
          ? await this.deserializer.deserialize(said, { headers })
          : { response: said, isDisposed: true };
      waiting.heard(index, packet);
    } catch (err) {
      waiting.heard(index, { err, isDisposed: true });
    }
  }
}
