import { setImmediate as turn } from "node:timers/promises";
import type {
  ErrorResult,
  HostSettings,
  MessageDispatcher,
  MessageReceiver,
  OnError,
  OnMessage,
  Operations,
  ReceiveLimits,
  SubscriptionManager,
} from "@sluice/transport/seam";
import { type Consumer, copyOf, type Entry, type MemoryBroker } from "./memory-broker.ts";

/** An entry while it is being handled. */
interface Lease {
  readonly entry: Entry;
  readonly controller: AbortController;
  /** False once the broker has given it to others: whatever its handler then does counts no more. */
  live: boolean;
  /** It has a slot: until its handler has ended, or its time is over. */
  counts: boolean;
}

/** Receives the messages of one address: takes as many as it may handle at once, and settles each exactly once. */
export class MemoryReceiver implements MessageReceiver, Consumer {
  readonly receiveAddress: string;
  readonly subscriptions: SubscriptionManager;
  readonly #broker: MemoryBroker;
  readonly #host: HostSettings;
  readonly #leases = new Map<Lease, Promise<void>>();
  #limits: ReceiveLimits = { concurrency: 1 };
  #onMessage: OnMessage = async () => {};
  #onError: OnError = async () => ({ action: "retry" });
  #running = false;

  constructor(address: string, broker: MemoryBroker, host: HostSettings) {
    this.receiveAddress = address;
    this.#broker = broker;
    this.#host = host;
    this.subscriptions = {
      subscribe: async (types) => broker.subscribe(address, types),
      unsubscribe: async (type) => broker.unsubscribe(address, type),
    };
  }

  async initialize(limits: ReceiveLimits, onMessage: OnMessage, onError: OnError): Promise<void> {
    this.#limits = limits;
    this.#onMessage = onMessage;
    this.#onError = onError;
  }

  async start(): Promise<void> {
    this.#running = true;
    this.#broker.attach(this.receiveAddress, this);
  }

  changeLimits(limits: ReceiveLimits): void {
    this.#limits = limits;
    this.pump();
  }

  async stop(deadline: AbortSignal): Promise<void> {
    this.#running = false;
    const aborted = new Promise<void>((resolve) => {
      if (deadline.aborted) resolve();
      else deadline.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([aborted, Promise.all(this.#leases.values())]);
    this.#broker.detach(this.receiveAddress, this);
  }

  pump(): void {
    while (this.#running) {
      const beside = [...this.#leases.keys()].filter(({ counts }) => counts);
      if (beside.length >= this.#limits.concurrency) return;
      const entry = this.#broker.take(
        this.receiveAddress,
        beside.map(({ entry }) => entry),
      );
      if (entry === undefined) return;
      const lease: Lease = { entry, controller: new AbortController(), live: true, counts: true };
      this.#leases.set(
        lease,
        this.#handle(lease).finally(() => {
          this.#leases.delete(lease);
          this.pump();
        }),
      );
    }
  }

  takeBack(): readonly Entry[] {
    const taken = [...this.#leases.keys()].filter(({ live }) => live);
    for (const lease of taken) {
      lease.live = false;
      lease.controller.abort();
    }
    return taken.map(({ entry }) => entry);
  }

  crash(): void {
    this.#running = false;
    this.#leases.forEach((_, lease) => (lease.counts = false));
  }

  async #handle(lease: Lease): Promise<void> {
    const { entry } = lease;
    const items = new Map<string, unknown>();
    this.#watch(lease);
    for (let attempt = 1; ; attempt += 1) {
      await turn();
      if (!lease.live || this.#broker.isExpired(entry)) return this.#settle(lease, () => {});
      const { dispatcher, close } = this.#batched(lease);
      try {
        await this.#onMessage({
          ...this.#said(entry),
          attempt,
          isRedelivery: entry.isRedelivery,
          signal: lease.controller.signal,
          dispatcher,
          items,
        });
        const batch = close();
        return this.#settle(lease, () => this.#broker.dispatch(batch));
      } catch (error) {
        close();
        if (!lease.live) return;
        entry.firstFailedAt ??= this.#broker.clock.now();
        const result = await this.#decide(lease, error, attempt, items);
        if (result.action !== "retry" || !this.#running)
          return this.#settle(lease, () => this.#carryOut(result, entry));
      }
    }
  }

  async #decide(
    { entry }: Lease,
    error: unknown,
    immediateFailures: number,
    items: Map<string, unknown>,
  ): Promise<ErrorResult | { readonly action: "give back" }> {
    const firstFailedAt = entry.firstFailedAt ?? this.#broker.clock.now();
    const dispatcher: MessageDispatcher = { dispatch: async (operations) => this.#broker.dispatch(operations) };
    try {
      return await this.#onError({
        ...this.#said(entry),
        error,
        immediateFailures,
        firstFailedAt,
        dispatcher,
        items,
      });
    } catch (error) {
      const problem = `The error policy of ${this.receiveAddress} has failed; the message comes again.`;
      this.#host.onCriticalError({ problem, error, nativeId: entry.nativeId });
      return { action: "give back" };
    }
  }

  #carryOut(result: ErrorResult | { readonly action: "give back" }, entry: Entry): void {
    const address = this.receiveAddress;
    if (result.action === "retry" || result.action === "give back") this.#broker.giveBack(address, entry);
    if (result.action === "retry after") this.#broker.retryLater(address, entry, result.milliseconds);
    if (result.action === "park") this.#broker.park(address, entry, result.headers ?? {});
  }

  /** Once, and only by whom the broker has not given it to others from. */
  #settle(lease: Lease, how: () => void): void {
    if (!lease.live) return;
    lease.live = false;
    how();
  }

  #said(entry: Entry) {
    const { nativeId, delayedRetries } = entry;
    return { message: copyOf(entry.message), nativeId, receiveAddress: this.receiveAddress, delayedRetries };
  }

  /** Keeps what is not isolated until the handler has ended. */
  #batched(lease: Lease): { readonly dispatcher: MessageDispatcher; close(): Operations } {
    let batch: Required<Operations> | undefined = { unicast: [], multicast: [] };
    return {
      dispatcher: {
        dispatch: async ({ unicast = [], multicast = [] }) => {
          if (batch === undefined || !lease.live) throw new Error("The handler that sends this has ended.");
          this.#broker.dispatch({
            unicast: unicast.filter(({ isolated }) => isolated),
            multicast: multicast.filter(({ isolated }) => isolated),
          });
          batch = {
            unicast: [...batch.unicast, ...unicast.filter(({ isolated }) => !isolated)],
            multicast: [...batch.multicast, ...multicast.filter(({ isolated }) => !isolated)],
          };
        },
      },
      close() {
        const closed = batch ?? {};
        batch = undefined;
        return closed;
      },
    };
  }

  /** Frees the slot of a handler that takes too long. */
  #watch(lease: Lease): void {
    const { handlerTimeout } = this.#limits;
    if (handlerTimeout === undefined) return;
    const { clock } = this.#broker;
    clock.at(new Date(clock.now().getTime() + handlerTimeout), () => {
      if (!lease.live || !lease.counts) return;
      lease.controller.abort();
      lease.counts = false;
      const problem = `A handler of ${this.receiveAddress} takes longer than ${handlerTimeout} ms; its slot goes to others.`;
      this.#host.onCriticalError({ problem, error: undefined, nativeId: lease.entry.nativeId });
      this.pump();
    });
  }
}
