import { setImmediate as turn } from "node:timers/promises";
import type { ConformanceBench } from "@sluice/transport/conformance";
import type { MessageReceiver, Operations, SubscribeFrom } from "@sluice/transport/seam";
import { type Flaw, flawed } from "./flawed.ts";
import { type Entry, MemoryBroker } from "./memory-broker.ts";
import { memoryBench } from "./memory-transport.ts";

/** A transport that breaks one promise, and what the suite has to say of it. */
export interface Mutant {
  /** Goes on after "a transport that". */
  readonly what: string;
  readonly bench: () => ConformanceBench;
  /** The case that has to fail, by the beginning of its name, and the words in which it says why. */
  readonly fails: Readonly<Record<string, RegExp>>;
}

const flaw = (makeFlaw: () => Flaw) => () => flawed(memoryBench(), makeFlaw);

/** Each operation of them otherwise. */
function changed({ unicast = [], multicast = [] }: Operations, change: (operation: object) => object): Operations {
  return {
    unicast: unicast.map((operation) => ({ ...operation, ...change(operation) })),
    multicast: multicast.map((operation) => ({ ...operation, ...change(operation) })),
  };
}

const never = new Promise<never>(() => {});
const NAMES = {
  bytes: "a message reaches the handler with a native id",
  headers: "headers with any Unicode",
  address: "the receiving address",
  sendOnly: "a send-only host",
  waits: "nobody listening",
  capabilities: "capabilities are frozen",
  limit: "with limit n",
  raised: "a limit raised while running",
  last: "a limit raised, then lowered",
  lowered: "a limit lowered while running",
  hoards: "a lowered limit hoards nothing",
  stuck: "a handler that never settles",
} as const;

export const MUTANTS: readonly Mutant[] = [
  {
    what: "reads JSON and writes it anew",
    bench: flaw(() => ({
      onMessage: (context, next) => {
        const { message } = context;
        if (!message.isJson) return next(context);
        const body = Buffer.from(JSON.stringify(JSON.parse(Buffer.from(message.body).toString())));
        return next({ ...context, message: { ...message, body } });
      },
    })),
    fails: { [NAMES.bytes]: /exactly the bytes of the body/ },
  },
  {
    what: "loses a header",
    bench: flaw(() => ({
      onMessage: (context, next) => {
        const headers = Object.entries(context.message.headers).filter(([name]) => !name.includes("見"));
        return next({ ...context, message: { ...context.message, headers: Object.fromEntries(headers) } });
      },
    })),
    fails: { [NAMES.headers]: /the header "Überschrift/ },
  },
  {
    what: "turns numbers into texts",
    bench: flaw(() => ({
      onMessage: (context, next) => {
        const headers = Object.entries(context.message.headers).map(([name, value]) =>
          typeof value === "number" ? [name, String(value)] : [name, value],
        );
        return next({ ...context, message: { ...context.message, headers: Object.fromEntries(headers) } });
      },
    })),
    fails: { [NAMES.headers]: /the header "number"/ },
  },
  {
    what: "names another address",
    bench: flaw(() => ({ onMessage: (context, next) => next({ ...context, receiveAddress: "elsewhere" }) })),
    fails: { [NAMES.address]: /address on the receive context/ },
  },
  {
    what: "names another address to the error policy",
    bench: flaw(() => ({ onError: (context, next) => next({ ...context, receiveAddress: "elsewhere" }) })),
    fails: { [NAMES.address]: /address on the error context/ },
  },
  {
    what: "sends and publishes from hosts only that receive, too",
    bench: flaw(() => {
      let sendsOnly = false;
      return {
        initialize: (receivers) => void (sendsOnly = receivers.length === 0),
        dispatch: async (operations, next, place) => {
          if (place !== "host" || !sendsOnly) await next(operations);
        },
      };
    }),
    fails: {
      [NAMES.sendOnly]: /what it has sent to be received/,
      "a host that only sends can publish": /to be received/,
    },
  },
  {
    what: "drops what nobody listens for",
    bench: () => {
      const listening = new Set<string>();
      return flawed(memoryBench(), () => ({
        start: async (receiver) => {
          listening.add(receiver.receiveAddress);
          await receiver.start();
        },
        dispatch: ({ unicast = [], multicast = [] }, next) =>
          next({ unicast: unicast.filter(({ destination }) => listening.has(destination)), multicast }),
      }));
    },
    fails: { [NAMES.waits]: /the messages that waited/ },
  },
  {
    what: "lets its capabilities be changed",
    bench: () => {
      const bench = memoryBench();
      return {
        ...bench,
        createTransport: async () => {
          const transport = await bench.createTransport();
          return { ...transport, capabilities: { ...transport.capabilities } };
        },
      };
    },
    fails: { [NAMES.capabilities]: /frozen capabilities/ },
  },
  {
    what: "runs n+1 at once",
    bench: flaw(() => ({ limits: (limits) => ({ ...limits, concurrency: limits.concurrency + 1 }) })),
    fails: { [NAMES.limit]: /as many at once as the limit says: 3, and it was 4/ },
  },
  {
    what: "handles one message after the other",
    bench: flaw(() => ({ limits: (limits) => ({ ...limits, concurrency: 1 }) })),
    fails: {
      [NAMES.limit]: /3 messages to be handled at once/,
      "a message that fails in immediate retries": /the others to be handled beside it/,
    },
  },
  {
    what: "ignores changed limits",
    bench: flaw(() => ({ changeLimits: () => {} })),
    fails: {
      [NAMES.raised]: /4 messages to be handled at once/,
      [NAMES.last]: /2 messages to be handled at once/,
      [NAMES.lowered]: /lowered limit says: 2, and it was 4/,
    },
  },
  {
    what: "only ever raises its limit",
    bench: flaw(() => {
      let most = 0;
      return {
        changeLimits: (limits, receiver) => {
          most = Math.max(most, limits.concurrency);
          receiver.changeLimits({ concurrency: most });
        },
      };
    }),
    fails: { [NAMES.last]: /last limit says: 2, and it was 5/ },
  },
  {
    what: "takes more than it handles",
    bench: flaw(() => {
      let free = 0;
      const waiting: (() => void)[] = [];
      return {
        limits: (limits) => {
          free = limits.concurrency;
          return { ...limits, concurrency: 100 };
        },
        changeLimits: () => {},
        onMessage: async (context, next) => {
          free -= 1;
          if (free < 0) await new Promise<void>((resolve) => waiting.push(resolve));
          await next(context).finally(() => {
            free += 1;
            waiting.shift()?.();
          });
        },
      };
    }),
    fails: { [NAMES.hoards]: /the idle second instance to get all messages/ },
  },
  {
    what: "waits for a handler for ever",
    bench: flaw(() => ({ limits: ({ concurrency }) => ({ concurrency }) })),
    fails: { [NAMES.stuck]: /the signal of a handler that takes too long to be aborted/ },
  },
  {
    what: "keeps critical errors to itself",
    bench: flaw(() => ({ host: (host) => ({ ...host, onCriticalError: () => {} }) })),
    fails: { [NAMES.stuck]: /the host to be told/, "an error policy that throws": /a critical error/ },
  },
  {
    what: "does not wait when it stops",
    bench: flaw(() => ({ stop: (_, receiver) => receiver.stop(AbortSignal.abort()) })),
    fails: { "stop waits for handlers in flight": /stop to wait for the handler in flight/ },
  },
  {
    what: "does not wait when it shuts down",
    bench: flaw(() => ({ shutdown: (_, infrastructure) => infrastructure.shutdown(AbortSignal.abort()) })),
    fails: { "shutdown stops the receivers": /shutdown to wait for the handler in flight/ },
  },
  {
    what: "forgets what a stop has cut off",
    bench: () => {
      const cut = new Set<string>();
      return flawed(memoryBench(), () => ({
        onMessage: async (context, next) => {
          if (cut.has(context.nativeId)) return;
          context.signal.addEventListener("abort", () => cut.add(context.nativeId));
          await next(context);
        },
      }));
    },
    fails: {
      "stop with an expired deadline": /the message to come again/,
      "a message that the next attempt handles": /the message to come again/,
    },
  },
  {
    what: "does not say that a message comes again",
    bench: flaw(() => ({ onMessage: (context, next) => next({ ...context, isRedelivery: false }) })),
    fails: { "stop with an expired deadline": /may have been handled before/ },
  },
  {
    what: "sends at once what belongs to its handler",
    bench: flaw(() => ({ handlerDispatch: (operations, _, atOnce) => atOnce(operations) })),
    fails: {
      "what a handler has sent before the deadline": /nothing to leave of a handler that ended after the deadline/,
      "a send before the throw": /nothing to leave of a handler that has failed/,
      "nothing of a handler leaves before": /nothing to leave while the handler goes on/,
      "an event published before the throw": /the attempt that ended well/,
      "a message deferred by a handler": /the attempt that ended well/,
      "an instance frozen for longer": /what the message led to, once/,
    },
  },
  {
    what: "goes on receiving when it is stopped",
    bench: flaw(() => ({ stop: async () => {} })),
    fails: { "stop, send, start": /nothing to be received while it is stopped/ },
  },
  {
    what: "takes a failure during stop for a critical error",
    bench: flaw(() => {
      let stopping = false;
      return {
        stop: (deadline, receiver) => {
          stopping = true;
          return receiver.stop(deadline);
        },
        onError: async (context, next) => {
          const result = await next(context);
          if (stopping) throw new Error("stopping");
          return result;
        },
      };
    }),
    fails: { "a handler failing during stop": /no critical error/ },
  },
  {
    what: "wraps what a handler throws",
    bench: flaw(() => ({ onError: (context, next) => next({ ...context, error: new Error("wrapped") }) })),
    fails: {
      "a handler that throws": /the very exception/,
      "whatever a handler throws": /the very value that was thrown/,
    },
  },
  {
    what: "counts no attempts",
    bench: flaw(() => ({ onMessage: (context, next) => next({ ...context, attempt: context.attempt > 2 ? 3 : 1 }) })),
    fails: { "the attempt grows": /the attempts that the handler sees/ },
  },
  {
    what: "forgets the number of delayed retries",
    bench: flaw(() => ({
      onMessage: (context, next) => next({ ...context, delayedRetries: 0 }),
      onError: (context, next) => next({ ...context, delayedRetries: 0 }),
    })),
    fails: {
      "a delayed retry starts counting": /handled after two delayed retries/,
      "immediate retries n": /1 messages to be parked/,
      "a delayed retry survives": /the number of delayed retries to be kept/,
    },
  },
  {
    what: "forgets when a message failed first",
    bench: flaw(() => {
      let time = 0;
      return { onError: (context, next) => next({ ...context, firstFailedAt: new Date((time += 1)) }) };
    }),
    fails: { "a delayed retry starts counting": /one time of the first failure/ },
  },
  {
    what: "shows the error policy what the handler has done to the headers",
    bench: flaw(() => {
      const seen = new Map<string, object>();
      return {
        onMessage: (context, next) => {
          seen.set(context.nativeId, context.message);
          return next(context);
        },
        onError: (context, next) =>
          next({ ...context, message: { ...context.message, ...seen.get(context.nativeId) } }),
      };
    }),
    fails: { "header changes made by a handler": /the headers as sent/ },
  },
  {
    what: "loses context items",
    bench: flaw(() => ({ onMessage: (context, next) => next({ ...context, items: new Map() }) })),
    fails: { "context items set by a handler": /what the handler has set/ },
  },
  {
    what: "takes a policy that throws for one that has dealt with it",
    bench: flaw(() => ({
      onError: (context, next) => next(context).catch(() => ({ action: "handled" })),
    })),
    fails: { "an error policy that throws": /handled when it comes again/ },
  },
  {
    what: "loses what the error policy sends",
    bench: flaw(() => ({
      dispatch: async (operations, next, place) => {
        if (place !== "policy") await next(operations);
      },
    })),
    fails: {
      "a message sent by the error policy": /what the error policy has sent to be received/,
      "what the error policy sends leaves": /what the policy has sent to be received/,
    },
  },
  {
    what: "tries again what it should forget",
    bench: flaw(() => ({
      onError: async (context, next) => {
        const result = await next(context);
        return result.action === "discard" ? { action: "retry" } : result;
      },
    })),
    fails: { "the policy decides per exception": /tried after "discard"/ },
  },
  {
    what: "handles each message twice",
    bench: flaw(() => {
      const again = new Error("again");
      const once = new Set<string>();
      return {
        onMessage: async (context, next) => {
          await next(context);
          if (once.has(context.nativeId)) return;
          once.add(context.nativeId);
          throw again;
        },
        onError: (context, next) => (context.error === again ? Promise.resolve({ action: "retry" }) : next(context)),
      };
    }),
    fails: {
      "settlement exactly once": /each message to be handled once/,
      "every subscriber gets an event once": /each event once/,
      "a subscription to a base type": /each event once/,
      "what is subscribed to stays": /each event once/,
    },
  },
  {
    what: "settles the next message, too",
    bench: flaw(() => {
      let skip = false;
      return {
        onMessage: async (context, next) => {
          if (skip) skip = false;
          else await next(context);
        },
        onError: async (context, next) => {
          const result = await next(context);
          skip = result.action === "discard";
          return result;
        },
      };
    }),
    fails: { "settlement exactly once": /every message to come to its end/ },
  },
  {
    what: "forgets what it should park",
    bench: flaw(() => ({
      onError: async (context, next) => {
        const result = await next(context);
        return result.action === "park" ? { action: "discard" } : result;
      },
    })),
    fails: {
      "an unrecoverable error is parked": /1 messages to be parked/,
      "a parked message does not expire": /it to be parked still/,
    },
  },
  {
    what: "parks without what the policy says",
    bench: flaw(() => ({
      onError: async (context, next) => {
        const result = await next(context);
        return result.action === "park" ? { action: "park" } : result;
      },
    })),
    fails: { "a parked message has its own headers": /the header that the policy adds/ },
  },
  {
    what: "keeps a slot for a message that waits for its delayed retry",
    bench: flaw(() => ({
      onError: async (context, next) => {
        const result = await next(context);
        return result.action === "retry after" ? await never : result;
      },
    })),
    fails: { "a message that fails in delayed retries": /the others to be handled while it waits/ },
  },
  {
    what: "does not count what ends its process",
    bench: () =>
      memoryBench(
        (clock) =>
          new (class extends MemoryBroker {
            protected override crashed(): void {}
          })(clock),
      ),
    fails: { "a message whose process ends": /parked after fewer than 30 crashes/ },
  },
  {
    what: "parks what was in flight beside a crash",
    bench: () =>
      memoryBench(
        (clock) =>
          new (class extends MemoryBroker {
            protected override mayTake(_next: Entry, _beside: readonly Entry[]): boolean {
              return true;
            }
          })(clock),
      ),
    fails: { "a message that ends its process": /those beside it to be handled/ },
  },
  {
    what: "loses isolated sends of a handler that fails",
    bench: flaw(() => ({
      handlerDispatch: (operations, next) => next(changed(operations, () => ({ isolated: false }))),
    })),
    fails: {
      "an isolated send leaves although": /the isolated message to be received/,
      "an isolated send has left": /while the handler goes on/,
    },
  },
  {
    what: "sends a batch one by one",
    bench: flaw(() => ({
      dispatch: async ({ unicast = [], multicast = [] }, next) => {
        for (const operation of unicast) await next({ unicast: [operation] });
        await next({ multicast });
      },
    })),
    fails: {
      "of a batch that cannot be sent": /nothing of it to be sent/,
      "a batch over the server's size limit": /nothing of it to be sent/,
    },
  },
  {
    what: "sends the last first",
    bench: flaw(() => {
      const batch: Operations[] = [];
      return {
        handlerDispatch: async (operations) => void batch.unshift(operations),
        onMessage: async (context, next) => {
          await next(context);
          // The context's dispatcher would put them at the beginning again.
          for (const operations of batch.splice(0)) await context.dispatcher.dispatch(operations);
        },
      };
    }),
    fails: { "the order of the messages": /all messages to be received|the order in which they were sent/ },
  },
  {
    what: "does not know what it has had",
    bench: () =>
      memoryBench(
        (clock) =>
          new (class extends MemoryBroker {
            protected override isKnown(): boolean {
              return false;
            }
          })(clock),
      ),
    fails: { "a message handled twice": /each message once/, "the same id sent twice": /each id to be handled once/ },
  },
  {
    what: "refuses nothing",
    bench: flaw(() => ({ dispatch: (operations, next) => next(operations).catch(() => {}) })),
    fails: { "a send to what is no valid address": /to be refused/ },
  },
  {
    what: "lets out what is sent after its handler's end",
    bench: flaw(() => ({
      handlerDispatch: (operations, next, atOnce) => next(operations).catch(() => atOnce(operations)),
    })),
    fails: { "a send made after its handler": /a send after its handler's end to be refused/ },
  },
  {
    what: "takes a type for its whole namespace",
    bench: flaw(() => ({
      subscriptions: (manager) => ({
        ...manager,
        subscribe: (types) =>
          manager.subscribe(new Map([...types].map(([type, from]) => [type.replace(/\.[^.]*$/, ".*"), from]))),
      }),
    })),
    fails: { "what nobody has subscribed to": /no other types/ },
  },
  {
    what: "takes a namespace for the beginning of a name",
    bench: flaw(() => ({
      subscriptions: (manager) => ({
        ...manager,
        subscribe: (types) =>
          manager.subscribe(
            new Map(
              [...types].flatMap(([type, from]) => [
                [type, from],
                [type.replace(".*", "Other.*"), from],
              ]),
            ),
          ),
      }),
    })),
    fails: { "a subscription to a namespace": /what is in the namespace, once/ },
  },
  {
    what: "knows no base types",
    bench: flaw(() => ({
      dispatch: (operations, next) => next(changed(operations, () => ({ baseTypes: [] }))),
    })),
    fails: { "a subscription to a base type": /come to the base's subscriber/ },
  },
  {
    what: "goes on delivering what was unsubscribed from",
    bench: flaw(() => ({ subscriptions: (manager) => ({ ...manager, unsubscribe: async () => {} }) })),
    fails: { "unsubscribed under traffic": /nothing of that type that came later/ },
  },
  {
    what: "delivers nothing while it changes what is subscribed to",
    bench: flaw(() => ({ subscriptions: standingStill })),
    fails: { "subscribed while traffic flows": /each event of the other type once/ },
  },
  {
    what: "forgets history",
    bench: flaw(() => ({ subscriptions: always("now") })),
    fails: { "from the start": /all of history to come/ },
  },
  {
    what: "gives history to everybody",
    bench: flaw(() => ({ subscriptions: always("start") })),
    fails: { "from now": /nothing of what was published before/ },
  },
  {
    what: "forgets subscriptions with its process",
    bench: flaw(() => {
      const subscribed: (() => Promise<void>)[] = [];
      return {
        subscriptions: (manager) => ({
          ...manager,
          subscribe: async (types) => {
            for (const type of types.keys()) subscribed.push(() => manager.unsubscribe(type));
            await manager.subscribe(types);
          },
        }),
        shutdown: async (deadline, infrastructure) => {
          for (const unsubscribe of subscribed) await unsubscribe();
          await infrastructure.shutdown(deadline);
        },
      };
    }),
    fails: { "what is subscribed to stays": /published meanwhile, and since, to come/ },
  },
  {
    what: "delivers before its time",
    bench: flaw(() => ({
      dispatch: (operations, next) => next(changed(operations, () => ({ deliverAt: undefined }))),
    })),
    fails: { "a deferred message comes not before": /not to come before its time/ },
  },
  {
    what: "loses what is due already",
    bench: () => {
      const bench = memoryBench();
      return flawed(bench, () => ({
        dispatch: ({ unicast = [], ...others }, next) =>
          next({
            ...others,
            unicast: unicast.filter(({ deliverAt }) => deliverAt === undefined || deliverAt > bench.clock.now()),
          }),
      }));
    },
    fails: { "a message deferred into the past": /the message to be handled/ },
  },
  {
    what: "keeps what waits in its process",
    bench: () => {
      const bench = memoryBench();
      return flawed(bench, () => {
        let down = false;
        return {
          dispatch: async ({ unicast = [], multicast = [] }, next) => {
            await next({ multicast, unicast: unicast.filter(({ deliverAt }) => deliverAt === undefined) });
            for (const operation of unicast)
              if (operation.deliverAt !== undefined)
                bench.clock.at(operation.deliverAt, () => {
                  if (!down) void next({ unicast: [operation] });
                });
          },
          shutdown: (deadline, infrastructure) => {
            down = true;
            return infrastructure.shutdown(deadline);
          },
        };
      });
    },
    fails: { "a deferred message survives": /the deferred message to be handled/ },
  },
  {
    what: "delivers what has expired",
    bench: flaw(() => ({
      dispatch: (operations, next) => next(changed(operations, () => ({ discardAfter: undefined }))),
    })),
    fails: {
      "an expired message is dropped": /the expired message to be dropped/,
      "a message that has expired when": /no attempt after the message has expired/,
    },
  },
  {
    what: "does not go on after it was cut off",
    bench: () => {
      const running = new Set<MessageReceiver>();
      const cut = async () => {
        for (const receiver of running) await receiver.stop(AbortSignal.abort());
      };
      const bench = flawed(memoryBench(), () => ({
        start: async (receiver) => {
          running.add(receiver);
          await receiver.start();
        },
      }));
      return { ...bench, restart: cut, cutConnection: cut };
    },
    fails: {
      "delivery goes on by itself after the connection": /every message to be handled/,
      "delivery goes on by itself after the server": /every message to be handled/,
    },
  },
  {
    what: "hands out what is gone",
    bench: () => ({ ...memoryBench(), loseMessage: async () => {} }),
    fails: { "an entry of the queue whose message is gone": /the next message only/ },
  },
];

type Subscriptions = NonNullable<Flaw["subscriptions"]>;

/** Subscribes from there, whatever was asked for. */
function always(from: SubscribeFrom): Subscriptions {
  return (manager) => ({
    ...manager,
    subscribe: (types) => manager.subscribe(new Map(Array.from(types.keys(), (type) => [type, from]))),
  });
}

/** Stops all that is subscribed to while it adds something. */
function standingStill(manager: Parameters<Subscriptions>[0]): ReturnType<Subscriptions> {
  const types = new Map<string, SubscribeFrom>();
  return {
    ...manager,
    async subscribe(added) {
      for (const type of types.keys()) await manager.unsubscribe(type);
      for (let turns = 0; turns < 100; turns += 1) await turn();
      for (const [type, from] of added) types.set(type, from);
      await manager.subscribe(types);
    },
  };
}
