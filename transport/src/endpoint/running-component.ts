import { randomUUID } from "node:crypto";
import type { Component } from "../declare/component.ts";
import type { InstancesOptions } from "../event-sourced/instances.ts";
import { StoredAttempts } from "../receive/attempt-log.ts";
import { Queue } from "../receive/queue.ts";
import { contextOfEvent, toReceivedMessage } from "../receive/received-message.ts";
import { Receiver } from "../receive/receiver.ts";
import type { Report } from "../receive/report.ts";
import { SharedInbox } from "../receive/shared-inbox.ts";
import { PROCESS } from "../receive/solitude.ts";
import { GroupNotFound } from "../store/group-not-found.ts";
import type { Environment } from "../store/environment.ts";
import { recoverabilityOf } from "../recoverability/recoverability.ts";
import type { Clock } from "../schedule/clock.ts";
import { Scheduler } from "../schedule/scheduler.ts";
import { queueOf } from "../topology/queue-address.ts";
import type { Counts } from "./endpoint.ts";
import { handlerOf, handlerTable, type MessageWay } from "./handle-message.ts";
import { laneOf } from "./lane-of.ts";
import { NotDeployed } from "../deploy/not-deployed.ts";
import type { EndpointEvent } from "./endpoint-event.ts";

/** A component that receives in this process. */
export class RunningComponent {
  readonly name: string;
  readonly #queue: Queue;
  readonly #receiver: Receiver;
  readonly #handled: SharedInbox;
  readonly #scheduler: Scheduler;
  readonly #on: (event: EndpointEvent) => void;
  readonly #counts = { ...NOTHING_YET };

  constructor(
    component: Component,
    store: InstancesOptions,
    way: MessageWay,
    on: (event: EndpointEvent) => void,
    environment: Environment,
    clock: Clock,
  ) {
    const { name, options } = component;
    this.name = name;
    this.#on = on;
    const handlersOf = handlerTable(component);
    const dated = { ...environment, date: () => new Date(clock.now()) };
    this.#handled = new SharedInbox(store.store, name, randomUUID(), options.messageTimeout, dated);
    this.#receiver = new Receiver(
      {
        component: name,
        ...options,
        read: (event) => {
          // Of a type that only others know they alone may be able to read the body.
          handlersOf(contextOfEvent(event));
          return toReceivedMessage(event, store.serializer);
        },
        handle: handlerOf(component, store, way, ({ messageId, type, correlationId }, error) => {
          on({ kind: "sent too late", component: name, messageId, type, correlationId, error });
        }),
        laneOf: laneOf(component),
        ...recoverabilityOf({
          component: name,
          retries: options,
          recover: options.recover,
          store: store.store,
          now: () => clock.now(),
          random: () => environment.random(),
        }),
        handled: this.#handled,
        attempts: new StoredAttempts(store.store, name),
        solitude: PROCESS,
        report: (report) => this.#report(report),
        want: (slots) => this.#queue.resize(slots),
      },
      dated,
    );
    this.#scheduler = new Scheduler({
      store: store.store,
      component: name,
      clock,
      random: () => environment.random(),
      onInterrupted: (error, retryIn) => on({ kind: "schedule interrupted", component: name, error, retryIn }),
    });
    this.#queue = new Queue(
      store.store,
      queueOf(name),
      {
        connected: () => {
          this.#receiver.connected();
          on({ kind: "connected", component: name });
        },
        delivered: (delivery) => this.#receiver.deliver(delivery),
        dropped: (error, retryIn) => {
          this.#counts.drops += 1;
          on({ kind: "dropped", component: name, error, retryIn });
        },
      },
      environment,
    );
  }

  get counts(): Counts {
    return { ...this.#counts };
  }

  /** @throws NotDeployed, and what else the server answers. */
  async start(): Promise<void> {
    await this.#handled.start();
    try {
      await this.#queue.open(this.#receiver.wanted);
    } catch (error) {
      throw error instanceof GroupNotFound ? new NotDeployed(this.name, { cause: error }) : error;
    }
    this.#scheduler.start();
  }

  setConcurrency(limit: number): void {
    this.#receiver.setLimit(limit);
  }

  async stop(deadline: AbortSignal): Promise<void> {
    await Promise.all([this.#receiver.stop(deadline), this.#scheduler.stop()]);
    await Promise.all([this.#handled.stop(), this.#queue.close()]);
  }

  #report({ context, ...report }: Report): void {
    const { messageId, type, correlationId } = context;
    const counted = COUNTED[report.kind];
    if (counted !== undefined) this.#counts[counted] += 1;
    this.#on({ component: this.name, messageId, type, correlationId, ...report });
  }
}

const NOTHING_YET: Counts = {
  handled: 0,
  duplicates: 0,
  failures: 0,
  delayed: 0,
  parked: 0,
  handledByPolicy: 0,
  discarded: 0,
  expired: 0,
  timedOut: 0,
  pauses: 0,
  critical: 0,
  dangling: 0,
  drops: 0,
};

const COUNTED = {
  handled: "handled",
  failed: "failures",
  delayed: "delayed",
  parked: "parked",
  "handled by policy": "handledByPolicy",
  discarded: "discarded",
  expired: "expired",
  duplicate: "duplicates",
  "timed out": "timedOut",
  paused: "pauses",
  critical: "critical",
  dangling: "dangling",
} as const satisfies Record<Report["kind"], keyof Counts>;
