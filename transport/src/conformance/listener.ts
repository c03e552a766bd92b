import type {
  CriticalError,
  ErrorContext,
  ErrorResult,
  MessageDispatcher,
  MessageReceiver,
  ReceiveContext,
  SubscribeFrom,
  SubscriptionManager,
  TransportInfrastructure,
} from "../seam/index.ts";
import { expectThat } from "./expect.ts";

/** How a case wants to listen at an address. */
export interface ListenOptions {
  /** Default 1. */
  readonly concurrency?: number;
  readonly handlerTimeout?: number;
  /** Default: handles it at once. */
  readonly onMessage?: (context: ReceiveContext) => Promise<void> | void;
  /** Default: forgets the message. */
  readonly onError?: (context: ErrorContext) => Promise<ErrorResult> | ErrorResult;
  /** Published types to subscribe to before the start. */
  readonly types?: Readonly<Record<string, SubscribeFrom>>;
  /** Default true. */
  readonly start?: boolean;
}

/** A host that listens at one address and notes what it gets. */
export interface Listener {
  readonly address: string;
  readonly infrastructure: TransportInfrastructure;
  readonly receiver: MessageReceiver;
  readonly dispatcher: MessageDispatcher;
  readonly subscriptions: SubscriptionManager;
  /** Attempts in the order in which they began. */
  readonly begun: readonly ReceiveContext[];
  /** Ids of the messages whose handler ended well, in that order. */
  readonly handled: readonly string[];
  readonly failed: readonly ErrorContext[];
  readonly critical: readonly CriticalError[];
  /** How many are being handled now, and how many were at most when one began. */
  readonly atOnce: { now: number; most: number };
  /** How many fences have reached it. See the stage's `fence`. */
  readonly fences: { count: number };
}

/** Marks a message by which the stage sees that all before it has come through. */
export const FENCE = "conformance-fence";

/** The parts that a listener's handlers need, before there is a transport in use. */
export function notes() {
  return {
    begun: [] as ReceiveContext[],
    handled: [] as string[],
    failed: [] as ErrorContext[],
    critical: [] as CriticalError[],
    atOnce: { now: 0, most: 0 },
    fences: { count: 0 },
  };
}

export type Notes = ReturnType<typeof notes>;

export async function listen(
  address: string,
  infrastructure: TransportInfrastructure,
  into: Notes,
  options: ListenOptions,
): Promise<Listener> {
  const receiver = infrastructure.receivers.get(address);
  expectThat(receiver !== undefined, `a receiver for the address ${address} that the host named`);
  const { concurrency = 1, handlerTimeout, onMessage, onError, types, start = true } = options;
  await receiver.initialize(
    { concurrency, ...(handlerTimeout === undefined ? {} : { handlerTimeout }) },
    async (context) => {
      if (context.message.headers[FENCE] === true) {
        into.fences.count += 1;
        return;
      }
      into.begun.push(context);
      into.atOnce.now += 1;
      into.atOnce.most = Math.max(into.atOnce.most, into.atOnce.now);
      try {
        await onMessage?.(context);
        into.handled.push(context.message.id);
      } finally {
        into.atOnce.now -= 1;
      }
    },
    async (context) => {
      into.failed.push(context);
      return (await onError?.(context)) ?? { action: "discard" };
    },
  );
  if (types !== undefined) await subscriptionsOf(receiver).subscribe(new Map(Object.entries(types)));
  if (start) await receiver.start();
  return Object.freeze({
    ...into,
    address,
    infrastructure,
    receiver,
    dispatcher: infrastructure.dispatcher,
    get subscriptions() {
      return subscriptionsOf(receiver);
    },
  });
}

function subscriptionsOf({ subscriptions }: MessageReceiver): SubscriptionManager {
  expectThat(subscriptions !== undefined, "a subscription manager, since the transport is capable of publishing");
  return subscriptions;
}
