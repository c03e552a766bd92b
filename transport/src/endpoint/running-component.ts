import type { Component } from "../declare/component.ts";
import type { InstancesOptions } from "../event-sourced/instances.ts";
import { OutboxTail } from "../receive/outbox-tail.ts";
import { Queue } from "../receive/queue.ts";
import { Receiver, type Report } from "../receive/receiver.ts";
import { GroupNotFound } from "../store/group-not-found.ts";
import type { Environment } from "../store/environment.ts";
import { recoverabilityOf } from "../recoverability/recoverability.ts";
import type { Clock } from "../schedule/clock.ts";
import { Scheduler } from "../schedule/scheduler.ts";
import { queueOf } from "../topology/queue-address.ts";
import type { Counts } from "./endpoint.ts";
import { handlerOf, type MessageWay } from "./handle-message.ts";
import { NotDeployed } from "./not-deployed.ts";
import type { EndpointEvent } from "./endpoint-event.ts";

/** A component that receives in this process. */
export class RunningComponent {
  readonly name: string;
  readonly #queue: Queue;
  readonly #receiver: Receiver;
  readonly #scheduler: Scheduler;
  readonly #on: (event: EndpointEvent) => void;
  readonly #counts = { ...NOTHING };
  readonly #slots: number;

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
    this.#slots = options.concurrency;
    const tail = new OutboxTail(store.store, name);
    this.#receiver = new Receiver(
      {
        component: name,
        ...options,
        handle: handlerOf(component, store, way, ({ messageId, type, correlationId }, error) => {
          on({ kind: "sent too late", component: name, messageId, type, correlationId, error });
        }),
        ...recoverabilityOf({
          component: name,
          retries: options,
          recover: options.recover,
          store: store.store,
          now: () => clock.now(),
          random: () => environment.random(),
        }),
        date: () => new Date(clock.now()),
        handledElsewhere: () => tail.handledSince(),
        report: (report) => this.#report(report),
      },
      environment,
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
    try {
      await this.#queue.open(this.#slots);
    } catch (error) {
      throw error instanceof GroupNotFound ? new NotDeployed(this.name, { cause: error }) : error;
    }
    this.#scheduler.start();
  }

  setConcurrency(limit: number): void {
    this.#queue.ensureSlots(limit);
    this.#receiver.setLimit(limit);
  }

  async stop(deadline: AbortSignal): Promise<void> {
    await Promise.all([this.#receiver.stop(deadline), this.#scheduler.stop()]);
    await this.#queue.close();
  }

  #report({ context, ...report }: Report): void {
    const { messageId, type, correlationId } = context;
    const counted = COUNTED[report.kind];
    if (counted !== undefined) this.#counts[counted] += 1;
    this.#on({ component: this.name, messageId, type, correlationId, ...report });
  }
}

const NOTHING: Counts = {
  handled: 0,
  duplicates: 0,
  failures: 0,
  delayed: 0,
  parked: 0,
  discarded: 0,
  expired: 0,
  dangling: 0,
  drops: 0,
};

const COUNTED: Readonly<Record<Report["kind"], keyof Counts | undefined>> = {
  handled: "handled",
  failed: "failures",
  delayed: "delayed",
  parked: "parked",
  discarded: "discarded",
  expired: "expired",
  duplicate: "duplicates",
  dangling: "dangling",
  "policy failed": undefined,
};
