import { metadataOf } from "../store/event.ts";
import { Breaker } from "./breaker.ts";
import type { Delivery } from "./delivery.ts";
import { Handling } from "./handling.ts";
import { OriginalRefused } from "./original-refused.ts";
import { parkReason } from "./park-reason.ts";
import { Pump } from "./pump.ts";
import { contextOfEvent } from "./received-message.ts";
import type { Received, ReceiverEnvironment, ReceiverOptions } from "./receiver-options.ts";

/**
 * Takes deliveries, as many at once as its limit allows, and settles each: acknowledged once it is handled and what it sent is
 * stored, parked where it cannot be handled. A message is acknowledged or parked here alone.
 */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #environment: ReceiverEnvironment;
  readonly #breaker: Breaker;
  readonly #handling: Handling;
  readonly #pump: Pump;

  constructor(options: ReceiverOptions, environment: ReceiverEnvironment) {
    const { concurrency, messageTimeout, solitude, laneOf, want, report } = options;
    this.#options = options;
    this.#environment = environment;
    this.#breaker = new Breaker(environment, () => this.#pump.run());
    this.#handling = new Handling(options, environment, this.#breaker, () => this.#pump);
    this.#pump = new Pump(
      {
        messageTimeout,
        breaker: this.#breaker,
        solitude,
        keepsOrder: laneOf !== undefined,
        want,
        handle: (work) => this.#handling.run(work),
        timedOut: ({ context }, error) => {
          report({ kind: "timed out", context, error, milliseconds: error.milliseconds });
        },
      },
      concurrency,
      environment,
    );
  }

  /** Messages to be handed out at once, at first. */
  get wanted(): number {
    return this.#pump.wanted;
  }

  /** To be called for each new connection to the queue, before its deliveries: the server may hand out anew what was handled. */
  connected(): void {
    this.#handling.connected();
  }

  deliver(delivery: Delivery): void {
    const { event, queuedAt, at } = delivery;
    // A system event here is the trace of a deleted stream (spec 3.12), or a link that cannot be followed (corrections 2.5).
    if (event === undefined) return void this.#lookBehind(delivery);
    if (event.type.startsWith("$")) {
      delivery.ack();
      return this.#options.report({ kind: "dangling", context: contextOfEvent(event) });
    }
    const { seen } = this.#pump;
    const metadata = metadataOf(event);
    const context = contextOfEvent(event, metadata);
    this.#pump.add({
      delivery,
      event,
      metadata,
      context,
      since: Math.min(at, seen ?? at),
      // Nobody has looked for a while: the process was idle, or it stood still with this in its sockets.
      isDoubtful:
        seen === undefined &&
        queuedAt !== undefined &&
        this.#environment.date().getTime() - queuedAt.getTime() > this.#pump.time,
      lane: this.#laneOf({ event, metadata, context }),
    });
  }

  /**
   * Takes effect for the messages not begun yet. What waits here beyond it is left to other instances.
   * @param handlerTimeout milliseconds that a handler may take; undefined: as long as the message is this instance's.
   */
  setLimits(concurrency: number, handlerTimeout: number | undefined): void {
    this.#handling.setTimeLimit(handlerTimeout);
    this.#pump.setLimit(concurrency);
  }

  /**
   * Begins nothing more, leaves to others what waits, and waits for what is in hand; when `deadline` is aborted, signals are aborted,
   * and what has not ended by then is left to be handed out again.
   */
  async stop(deadline: AbortSignal): Promise<void> {
    this.#handling.stop(deadline);
    this.#pump.close();
    await this.#pump.drain(deadline);
    this.#breaker.stop();
  }

  /** A link that shows nothing leads nowhere, or to what this login may not read: that would be lost if it were acknowledged. */
  async #lookBehind(delivery: Delivery): Promise<void> {
    const { component, isRefused, report } = this.#options;
    const context = nothingBehind(delivery);
    const { place = "" } = delivery;
    try {
      if (!(await isRefused(place))) {
        delivery.ack();
        return report({ kind: "dangling", context });
      }
    } catch {
      return void delivery.giveBack();
    }
    const error = new OriginalRefused(component, place);
    const at = this.#environment.date();
    const times = { firstFailedAt: at, lastFailedAt: at, earlierDeliveries: delivery.retryCount };
    const none = { attempts: 0, delayedRetries: 0, unknownTypeRetries: 0, replays: 0 };
    if (delivery.park(parkReason({ component, error, message: context, ...times, ...none })))
      report({ kind: "parked", context, attempts: 0, error });
  }

  /** A message that cannot be read, or whose key cannot be told, fails when it is handled. */
  #laneOf(message: Received): string | undefined {
    try {
      return this.#options.laneOf?.(message);
    } catch {
      return undefined;
    }
  }
}

const nothingBehind = ({ linkId }: Delivery) => ({
  messageId: linkId,
  type: "$>",
  correlationId: linkId,
  headers: {},
});
