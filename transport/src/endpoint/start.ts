import type { Component } from "../declare/component.ts";
import type { View, ViewHandle } from "../declare/view.ts";
import type { Instance } from "../event-sourced/instance.ts";
import { InstanceCache } from "../event-sourced/instance-cache.ts";
import type { EventStoreReceiver } from "../eventstoredb/event-store-receiver.ts";
import { connectEventStore } from "../eventstoredb/event-store-transport.ts";
import { guarded } from "../eventstoredb/guarded.ts";
import type { EventStoreReceiveSettings } from "../eventstoredb/options.ts";
import { jsonSerializer } from "../messages/json-serializer.ts";
import type { Serializer } from "../messages/serializer.ts";
import { OutgoingPipeline } from "../pipeline/outgoing-pipeline.ts";
import { SYSTEM_CLOCK } from "../schedule/clock.ts";
import { SYSTEM_ENVIRONMENT } from "../store/environment.ts";
import { patiently } from "../store/patient.ts";
import { RunningView, type ViewReport } from "../views/running-view.ts";
import { Counting } from "./counting.ts";
import type { EndpointEvent } from "./endpoint-event.ts";
import type { EndpointHealth, HealthOptions } from "./health.ts";
import { HealthWatch } from "./health-watch.ts";
import { combinedInstrumentation, withCreate } from "./instrumentation.ts";
import type { Counts, Endpoint, EndpointOptions, StopOptions } from "./endpoint.ts";
import { handlerOf, recognizesRepeatsOf } from "./handle-message.ts";
import { laneOf } from "./lane-of.ts";
import { type MessageSender, messageSender } from "./message-sender.ts";
import { onErrorOf } from "./on-error.ts";
import { printProblem } from "./print-problem.ts";
import { Replies } from "./replies.ts";
import { ownersOf, requireDistinct, shapeOf } from "./shape-of.ts";

const STOP_DEADLINE = 10_000;
/** Components that begin to receive side by side. */
const STARTED_AT_ONCE = 25;
/** Bytes that folded instances may take in memory, about. */
const INSTANCES_ROOM = 64 * 1024 * 1024;

/**
 * Deploys what the components need, starts them in this process, and answers when all receive. Views begin to fold what was
 * published before; ask one for `ready()` where its state is needed.
 *
 * ```ts
 * const endpoint = await startEndpoint([sales, billing], { connectionString: "esdb://127.0.0.1:2113?tls=false" });
 * process.once("SIGTERM", () => void endpoint.stop());
 * ```
 * @throws BadConnectionString, ServerUnreachable, AccessRefused, ProjectionsNotRunning, ProjectionRefused, NotDeployed, DuplicateDeclaration
 */
export async function startEndpoint(components: readonly Component[], options: EndpointOptions): Promise<Endpoint> {
  requireDistinct(components.flatMap(ownersOf));
  const { serializer = jsonSerializer, incoming = [], outgoing, clock = SYSTEM_CLOCK } = options;
  const { name = components[0]?.name ?? "nobody", deploy: createMissing = true } = options;
  const names = components.map(({ name }) => name);
  const counting = new Counting(names);
  const healthWatch = new HealthWatch(names, () => clock.now());
  const instrumentation = combinedInstrumentation(options.instrumentation ?? []);
  const observe = guarded(options.on ?? printProblem);
  const on = (event: EndpointEvent): void => {
    counting.take(event);
    healthWatch.take(event);
    observe(event);
    instrumentation.on?.(event);
  };
  const transport = await connectEventStore(
    { ...options, clock, on },
    // All that is critical is told as an event, too.
    { name, onCriticalError: () => {} },
    components.map((component) => ({ ...settingsOf(component, serializer), createMissing })),
    // What leaves passes its own pipeline.
    { process: instrumentation.process, send: instrumentation.send },
  );
  const { store, appender, dispatcher, receivers, patience } = transport;
  const pipeline = new OutgoingPipeline({ serializer, middleware: withCreate(instrumentation, outgoing) });
  const cache = new InstanceCache<Instance<unknown>>(INSTANCES_ROOM);
  const { random } = SYSTEM_ENVIRONMENT;
  const instances = { store, appender, cache, pipeline, serializer, random };
  const way = { incoming, pipeline, clock };
  const views = new Map(
    components.flatMap((component) =>
      component.views.map((view) => {
        const report = (report: ViewReport): void => on(viewEvent(component.name, view.name, report));
        return [view, new RunningView(store, view, report, SYSTEM_ENVIRONMENT, serializer)] as const;
      }),
    ),
  );
  const replies = new Replies(store, name, serializer, SYSTEM_ENVIRONMENT);
  const { sender, drained } = messageSender({ name, store, dispatcher, pipeline, replies, clock });
  const health = (options?: HealthOptions): Promise<EndpointHealth> => healthWatch.health(store, options);
  let unwatch: (() => void) | undefined;
  const stopAll = async (deadline: AbortSignal): Promise<void> => {
    unwatch?.();
    healthWatch.stopped();
    await drained();
    await replies.stop();
    await Promise.all([...receivers.values()].map((receiver) => receiver.stop(deadline)));
    await Promise.all([...views.values()].map((view) => view.stop()));
    await transport.shutdown(deadline);
  };
  const startReceiving = async (component: Component): Promise<void> => {
    const receiver = receivers.get(component.name);
    const onLate: Parameters<typeof handlerOf>[3] = ({ messageId, type, correlationId, headers }, error) =>
      on({ kind: "sent too late", component: component.name, messageId, type, correlationId, headers, error });
    const handle = handlerOf(component, instances, way, onLate);
    await receiver?.initialize(limitsOf(component), handle, onErrorOf(component, way, random));
    await patiently(patience, async () => receiver?.start());
  };
  try {
    for (const view of views.values()) view.start();
    // All at once, hundreds of components ask more of a server than it answers in time.
    for (let index = 0; index < components.length; index += STARTED_AT_ONCE)
      await Promise.all(components.slice(index, index + STARTED_AT_ONCE).map(startReceiving));
  } catch (error) {
    await stopAll(AbortSignal.abort());
    throw error;
  }
  unwatch = instrumentation.watch?.({ components: names, health });
  return { ...sender, health, ...endpointOf(components, receivers, counting, views, stopAll) };
}

const settingsOf = (component: Component, serializer: Serializer): EventStoreReceiveSettings => {
  const { name: address, options } = component;
  const { sends, messageTimeout, maxDeliveries } = options;
  const shape = shapeOf(component);
  return {
    address,
    shape,
    sends,
    messageTimeout,
    maxDeliveries,
    laneOf: laneOf(component, serializer),
    recognizesRepeats: recognizesRepeatsOf(component),
  };
};

const limitsOf = ({ options: { concurrency, handlerTimeout } }: Component) => ({
  concurrency,
  ...(handlerTimeout === undefined ? {} : { handlerTimeout }),
});

function viewEvent(component: string, view: string, report: ViewReport): EndpointEvent {
  if (report.kind === "checkpoint failed") return { ...report, component, view };
  const { messageId, type } = report.error;
  return { ...report, component, view, messageId, type };
}

function endpointOf(
  components: readonly Component[],
  receivers: ReadonlyMap<string, EventStoreReceiver>,
  counting: Counting,
  views: ReadonlyMap<View<unknown>, RunningView<unknown>>,
  stopAll: (deadline: AbortSignal) => Promise<void>,
): Omit<Endpoint, keyof MessageSender | "health"> {
  const byName = new Map(components.map((component) => [component.name, component]));
  const named = <Found>(name: string, found: Found | undefined): Found => {
    if (found !== undefined) return found;
    throw new RangeError(`No component ${JSON.stringify(name)} runs here; there are ${[...byName.keys()].join(", ")}.`);
  };
  let stopped: Promise<void> | undefined;
  return {
    components: [...byName.keys()],
    view<State>(view: View<State>): ViewHandle<State> {
      const handle = views.get(view as View<unknown>);
      if (handle === undefined) throw new RangeError(`No component here declares the view ${view.name}.`);
      // The key is the very declaration the view was made from.
      return handle as unknown as RunningView<State>;
    },
    setConcurrency(name: string, limit: number): void {
      if (!Number.isInteger(limit) || limit < 1)
        throw new RangeError(`A limit of ${limit} is no whole number from 1 on.`);
      const component = named(name, byName.get(name));
      named(name, receivers.get(name)).changeLimits({ ...limitsOf(component), concurrency: limit });
    },
    counts: (name: string): Counts => named(name, counting.of(name)),
    stop(options: StopOptions = {}): Promise<void> {
      stopped ??= stopAll(deadlineOf(options));
      return stopped;
    },
  };
}

function deadlineOf({ deadline = STOP_DEADLINE, signal }: StopOptions): AbortSignal {
  const late = AbortSignal.timeout(deadline);
  return signal === undefined ? late : AbortSignal.any([late, signal]);
}
