import { PARK, type PersistentSubscriptionToStream, RETRY, type ResolvedEvent } from "@eventstore/db-client";
import type { Connection } from "../connection/connection.ts";
import type { QueueAddress } from "../topology/queue-address.ts";
import type { Delivery } from "./delivery.ts";

/**
 * Milliseconds until the server must have confirmed a subscription. A leader that still loads its groups drops the request without
 * an answer, and the call itself has no deadline (cluster.md).
 */
export const CONFIRMATION_LIMIT = 3_000;

/** What a subscription tells of. */
export interface QueueEvents {
  confirmed(): void;
  delivered(delivery: Delivery): void;
}

/** One connection to a queue, from its beginning to its end. It never comes back: a new one takes its place. */
export class QueueSubscription {
  readonly #subscription: PersistentSubscriptionToStream;
  /** Settles when it has ended, with the error if there was one. */
  readonly ended: Promise<unknown>;
  readonly #end: (error?: unknown) => void;
  #live = true;
  #confirmed = false;
  #acks: ResolvedEvent[] = [];

  /** @param slots messages the server hands out before the first of them is settled. */
  constructor(connection: Connection, address: QueueAddress, slots: number, events: QueueEvents, now: () => number) {
    const subscription = connection.client.subscribeToPersistentSubscriptionToStream(address.stream, address.group, {
      bufferSize: slots,
    });
    this.#subscription = subscription;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.ended = promise;
    const unconfirmed = setTimeout(() => {
      this.#end(connection.unreachable(`It did not confirm the subscription within ${CONFIRMATION_LIMIT} ms.`));
    }, CONFIRMATION_LIMIT);
    this.#end = (error) => {
      clearTimeout(unconfirmed);
      this.#live = false;
      resolve(error);
    };
    // The listener stays: the client may emit a second error after the first, and unheard it would end the process.
    subscription.on("error", this.#end);
    const ended = (): void => {
      this.#end(this.#confirmed ? undefined : connection.unreachable("It ended the subscription before it began."));
    };
    subscription.on("end", ended);
    subscription.on("close", ended);
    subscription.on("confirmation", () => {
      clearTimeout(unconfirmed);
      this.#confirmed = true;
      if (this.#live) events.confirmed();
    });
    subscription.on("data", (resolved) => {
      if (!this.#live) return;
      events.delivered(this.#deliveryOf(resolved, now()));
    });
  }

  /** Ends it, behind the settlements: the client leaves them a turn of the event loop before it cancels the call. */
  async close(): Promise<void> {
    this.#flushAcks();
    this.#end();
    const cancelled = this.#subscription.unsubscribe().catch(() => {});
    // Before it is confirmed there may be no call yet to cancel, and none for as long as no server is found.
    if (this.#confirmed) await cancelled;
  }

  #deliveryOf(resolved: ResolvedEvent & { readonly retryCount: number }, at: number): Delivery {
    let settled = false;
    const once = (settle: () => void): void => {
      if (settled || !this.#live) return;
      settled = true;
      settle();
    };
    // A settlement that does not arrive is no error: the message comes again and is found handled.
    return {
      event: resolved.event,
      linkId: resolved.link?.id ?? resolved.event?.id ?? "",
      retryCount: resolved.retryCount,
      at,
      isLive: () => this.#live,
      ack: () => once(() => this.#ack(resolved)),
      park: (reason) => once(() => void this.#subscription.nack(PARK, reason, resolved).catch(() => {})),
      giveBack: () => once(() => void this.#subscription.nack(RETRY, "given back", resolved).catch(() => {})),
    };
  }

  /** Acknowledgements of one turn of the event loop leave together: one message on the wire instead of many. */
  #ack(resolved: ResolvedEvent): void {
    if (this.#acks.length === 0) setImmediate(() => this.#flushAcks());
    this.#acks.push(resolved);
  }

  #flushAcks(): void {
    const acks = this.#acks;
    this.#acks = [];
    if (acks.length > 0 && this.#live) void this.#subscription.ack(...acks).catch(() => {});
  }
}
