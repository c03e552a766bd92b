import { PersistentSubscriptionDoesNotExistError } from "@eventstore/db-client";
import type { Component } from "../declare/component.ts";
import type { InstanceStore } from "../dispatch/instances.ts";
import { OutboxTail } from "../receive/outbox-tail.ts";
import { Queue, type Surroundings } from "../receive/queue.ts";
import { Receiver, type Report } from "../receive/receiver.ts";
import { queueOf } from "../topology/queue-address.ts";
import type { Counts } from "./endpoint.ts";
import { handlerOf } from "./handle-message.ts";
import { NotDeployed } from "./not-deployed.ts";
import type { Observation } from "./observation.ts";

/** A component that receives in this process. */
export class RunningComponent {
  readonly name: string;
  readonly #queue: Queue;
  readonly #receiver: Receiver;
  readonly #observe: (observation: Observation) => void;
  readonly #counts = { handled: 0, duplicates: 0, failures: 0, parked: 0, dangling: 0, drops: 0 };
  readonly #slots: number;

  constructor(
    component: Component,
    store: InstanceStore,
    observe: (observation: Observation) => void,
    surroundings: Surroundings,
  ) {
    const { name, options } = component;
    this.name = name;
    this.#observe = observe;
    this.#slots = options.concurrency;
    const tail = new OutboxTail(store.connection, name);
    this.#receiver = new Receiver(
      {
        component: name,
        ...options,
        handle: handlerOf(component, store),
        handledElsewhere: () => tail.handledSince(),
        report: (report) => this.#report(report),
      },
      surroundings,
    );
    this.#queue = new Queue(
      store.connection,
      queueOf(name),
      {
        connected: () => {
          this.#receiver.connected();
          observe({ kind: "connected", component: name });
        },
        delivered: (delivery) => this.#receiver.deliver(delivery),
        dropped: (error, retryIn) => {
          this.#counts.drops += 1;
          observe({ kind: "dropped", component: name, error, retryIn });
        },
      },
      surroundings,
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
      throw error instanceof PersistentSubscriptionDoesNotExistError
        ? new NotDeployed(this.name, { cause: error })
        : error;
    }
  }

  setConcurrency(limit: number): void {
    this.#queue.ensureSlots(limit);
    this.#receiver.setLimit(limit);
  }

  async stop(hurry: AbortSignal): Promise<void> {
    await this.#receiver.stop(hurry);
    await this.#queue.close();
  }

  #report({ facts, ...report }: Report): void {
    const { messageId, type, correlationId } = facts;
    this.#counts[COUNTED[report.kind]] += 1;
    this.#observe({ component: this.name, messageId, type, correlationId, ...report });
  }
}

const COUNTED = {
  handled: "handled",
  failed: "failures",
  parked: "parked",
  duplicate: "duplicates",
  dangling: "dangling",
} as const;
