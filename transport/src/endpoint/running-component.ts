import type { Component } from "../declare/component.ts";
import type { InstancesOptions } from "../event-sourced/instances.ts";
import { OutboxTail } from "../receive/outbox-tail.ts";
import { Queue } from "../receive/queue.ts";
import { Receiver, type Report } from "../receive/receiver.ts";
import { GroupNotFound } from "../store/group-not-found.ts";
import type { Environment } from "../store/environment.ts";
import { queueOf } from "../topology/queue-address.ts";
import type { Counts } from "./endpoint.ts";
import { handlerOf } from "./handle-message.ts";
import { NotDeployed } from "./not-deployed.ts";
import type { EndpointEvent } from "./endpoint-event.ts";

/** A component that receives in this process. */
export class RunningComponent {
  readonly name: string;
  readonly #queue: Queue;
  readonly #receiver: Receiver;
  readonly #on: (event: EndpointEvent) => void;
  readonly #counts = { handled: 0, duplicates: 0, failures: 0, parked: 0, dangling: 0, drops: 0 };
  readonly #slots: number;

  constructor(
    component: Component,
    store: InstancesOptions,
    on: (event: EndpointEvent) => void,
    environment: Environment,
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
        handle: handlerOf(component, store, ({ messageId, type, correlationId }, error) => {
          on({ kind: "sent too late", component: name, messageId, type, correlationId, error });
        }),
        handledElsewhere: () => tail.handledSince(),
        report: (report) => this.#report(report),
      },
      environment,
    );
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
  }

  setConcurrency(limit: number): void {
    this.#queue.ensureSlots(limit);
    this.#receiver.setLimit(limit);
  }

  async stop(deadline: AbortSignal): Promise<void> {
    await this.#receiver.stop(deadline);
    await this.#queue.close();
  }

  #report({ context, ...report }: Report): void {
    const { messageId, type, correlationId } = context;
    this.#counts[COUNTED[report.kind]] += 1;
    this.#on({ component: this.name, messageId, type, correlationId, ...report });
  }
}

const COUNTED = {
  handled: "handled",
  failed: "failures",
  parked: "parked",
  duplicate: "duplicates",
  dangling: "dangling",
} as const;
