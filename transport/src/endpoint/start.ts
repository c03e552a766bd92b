import type { Component } from "../declare/component.ts";
import type { View, ViewHandle } from "../declare/view.ts";
import { Appender } from "../dispatch/appender.ts";
import type { Instance } from "../event-sourced/instance.ts";
import { InstanceCache } from "../event-sourced/instance-cache.ts";
import { jsonSerializer } from "../messages/json-serializer.ts";
import { OutgoingPipeline } from "../pipeline/outgoing-pipeline.ts";
import { describeError } from "../receive/describe-error.ts";
import { SYSTEM_CLOCK } from "../schedule/clock.ts";
import { SYSTEM_ENVIRONMENT } from "../store/environment.ts";
import { patiently } from "../store/patient.ts";
import { Store } from "../store/store.ts";
import { deployShapes } from "../deploy/deploy-component.ts";
import { watch } from "../deploy/watch.ts";
import { requireByCategory } from "../deploy/require-by-category.ts";
import { deploymentOptions } from "./deploy.ts";
import type { Counts, Endpoint, EndpointOptions, StopOptions } from "./endpoint.ts";
import { type MessageSender, messageSender } from "./message-sender.ts";
import { Replies } from "./replies.ts";
import { requireDistinct, shapeOf } from "./shape-of.ts";
import type { EndpointEvent } from "./endpoint-event.ts";
import { printProblem } from "./print-problem.ts";
import { RunningComponent } from "./running-component.ts";
import { RunningView, type ViewReport } from "../views/running-view.ts";
import { startPatience } from "./start-patience.ts";

const STOP_DEADLINE = 10_000;
const LONGEST_WARNING = 1_000;
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
  requireDistinct(components);
  const store = new Store(options.connectionString);
  const cache = new InstanceCache<Instance<unknown>>(INSTANCES_ROOM);
  const { serializer = jsonSerializer, incoming = [], outgoing } = options;
  const appender = new Appender(store);
  const pipeline = new OutgoingPipeline({ serializer, middleware: outgoing });
  const instances = { store, appender, cache, pipeline, serializer, random: SYSTEM_ENVIRONMENT.random };
  const on = guarded(options.on ?? printProblem);
  const clock = options.clock ?? SYSTEM_CLOCK;
  const way = { incoming, pipeline, clock };
  const running = components.map(
    (component) => new RunningComponent(component, instances, way, on, SYSTEM_ENVIRONMENT, clock),
  );
  const views = new Map(
    components.flatMap((component) =>
      component.views.map((view) => {
        const report = (report: ViewReport): void => on(viewEvent(component.name, view.name, report));
        return [view, new RunningView(store, view, report, SYSTEM_ENVIRONMENT, serializer)] as const;
      }),
    ),
  );
  const name = options.name ?? components[0]?.name ?? "nobody";
  const replies = new Replies(store, name, serializer, SYSTEM_ENVIRONMENT);
  const { sender, drained } = messageSender({ name, store, appender, pipeline, replies, clock });
  const watching = new AbortController();
  let watched = Promise.resolve();
  const stopAll = async (deadline: AbortSignal): Promise<void> => {
    watching.abort();
    await drained();
    await replies.stop();
    await Promise.all(running.map((component) => component.stop(deadline)));
    await Promise.all([...views.values()].map((view) => view.stop()));
    await watched;
    await store.dispose();
  };
  try {
    const patience = startPatience(store, options, SYSTEM_ENVIRONMENT);
    const patient = store.patient(patience);
    await patient.reach();
    if (options.deploy ?? true) {
      await requireByCategory(patient);
      await deployShapes(patient, components.map(shapeOf), { ...deploymentOptions(), exactly: false });
    }
    for (const view of views.values()) view.start();
    await Promise.all(running.map((component) => patiently(patience, () => component.start())));
    watched = watch(
      store,
      components.map(({ name }) => name),
      { ...deploymentOptions(), signal: watching.signal },
      {
        failed: (problem) => on({ kind: "projection failed", ...problem }),
        recovered: (problem) => on({ kind: "projection recovered", ...problem }),
      },
    );
  } catch (error) {
    await stopAll(AbortSignal.abort());
    throw error;
  }
  return { ...sender, ...endpointOf(running, views, stopAll) };
}

function viewEvent(component: string, view: string, report: ViewReport): EndpointEvent {
  if (report.kind === "checkpoint failed") return { ...report, component, view };
  const { messageId, type } = report.error;
  return { ...report, component, view, messageId, type };
}

function endpointOf(
  running: readonly RunningComponent[],
  views: ReadonlyMap<View<unknown>, RunningView<unknown>>,
  stopAll: (deadline: AbortSignal) => Promise<void>,
): Omit<Endpoint, keyof MessageSender> {
  const byName = new Map(running.map((component) => [component.name, component]));
  const named = (name: string): RunningComponent => {
    const component = byName.get(name);
    if (component !== undefined) return component;
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
      named(name).setConcurrency(limit);
    },
    counts: (name: string): Counts => named(name).counts,
    stop(options: StopOptions = {}): Promise<void> {
      stopped ??= stopAll(deadlineOf(options));
      return stopped;
    },
  };
}

/** An observer that throws must not change what becomes of a message. */
function guarded(on: NonNullable<EndpointOptions["on"]>): (event: EndpointEvent) => void {
  return (event) => {
    try {
      on(event);
    } catch (error) {
      const { name, message } = describeError(error, LONGEST_WARNING);
      process.emitWarning(`The observer of an endpoint threw ${name}: ${message}`);
    }
  };
}

function deadlineOf({ deadline = STOP_DEADLINE, signal }: StopOptions): AbortSignal {
  const late = AbortSignal.timeout(deadline);
  return signal === undefined ? late : AbortSignal.any([late, signal]);
}
