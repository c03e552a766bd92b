import assert from "node:assert/strict";
import type { Aggregate, Component, Message } from "@sluice/transport";
import { handle } from "@sluice/transport/testing";
import { account, accounts } from "../src/account.ts";
import { transaction, transactions } from "../src/transaction.ts";
import { Watch } from "./watch.ts";

/** Processes that handle messages beside each other. */
const WORKERS = 8;
const CHANCE = { crash: 0.02, again: 0.05 };

interface Delivery {
  readonly component: Component;
  readonly message: Message;
}

/** An instance of an aggregate: what its stream folds to, and how much it holds. */
interface Instance {
  readonly state: unknown;
  readonly revision: number;
}

/** A message in a worker's hands. It may die before the append, and behind it, before the message is acknowledged. */
interface InHand {
  readonly delivery: Delivery;
  /** The stream it decided on, as it was then; undefined for a receptor, which only sends. */
  readonly stream?: string;
  readonly revision?: number;
  readonly decided: readonly Message[];
  isAppended: boolean;
}

/**
 * Accounts and transactions without a server, run by a scheduler that is as unkind as it may be: messages come in any order and
 * several times, workers decide on what others are changing, and die at any line. Nothing recognizes a message that was handled
 * before but the aggregates themselves.
 */
export class SimulatedBank {
  readonly watch = new Watch();
  readonly #random: () => number;
  readonly #queue: Delivery[] = [];
  readonly #workers: (InHand | undefined)[] = Array.from({ length: WORKERS });
  readonly #instances = new Map<string, Instance>();
  crashes = 0;
  conflicts = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  send(...messages: readonly Message[]): void {
    for (const message of messages) {
      const { type, to } = message.definition;
      for (const component of [accounts, transactions]) {
        const takes = to === undefined ? component.handlers.some(({ on }) => on.type === type) : to === component.name;
        if (takes) this.#queue.push({ component, message });
      }
    }
  }

  /** Runs until nothing is left to do. */
  async settle(): Promise<void> {
    while (this.#queue.length > 0 || this.#workers.some((inHand) => inHand !== undefined)) {
      const worker = Math.floor(this.#random() * WORKERS);
      const inHand = this.#workers[worker];
      if (inHand !== undefined && this.#random() < CHANCE.crash) {
        this.crashes += 1;
        this.#queue.push(inHand.delivery);
        this.#workers[worker] = undefined;
      } else if (inHand === undefined) {
        const delivery = this.#take();
        if (delivery !== undefined) this.#workers[worker] = await this.#decide(delivery);
      } else if (inHand.isAppended) {
        this.#workers[worker] = undefined; // acknowledged
      } else if (this.#append(inHand)) {
        inHand.isAppended = true;
      } else {
        this.conflicts += 1;
        this.#workers[worker] = await this.#decide(inHand.delivery);
      }
      if (this.#random() < 0.5) this.watch.look(this.#random);
    }
    while (this.watch.look(this.#random));
  }

  /** Any message of all that wait, and now and then one that comes once more. */
  #take(): Delivery | undefined {
    const place = Math.floor(this.#random() * this.#queue.length);
    const delivery = this.#queue[place];
    if (delivery === undefined || this.#random() < CHANCE.again) return delivery;
    const last = this.#queue.pop();
    if (last !== undefined && last !== delivery) this.#queue[place] = last;
    return delivery;
  }

  async #decide(delivery: Delivery): Promise<InHand> {
    const { component, message } = delivery;
    if (message.definition.kind === "event") {
      return { delivery, decided: await handle(component, message), isAppended: false };
    }
    const source: Aggregate<unknown> = component === accounts ? account : transaction;
    const entry = source.entries.find(({ on }) => on.type === message.definition.type);
    assert.ok(entry, `${component.name} takes ${message.definition.type}`);
    const stream = `${source.category}-${entry.id(message.body, { messageId: "", type: "", correlationId: "", headers: {} })}`;
    const { state, revision } = this.#instances.get(stream) ?? { state: source.initial, revision: 0 };
    return { delivery, stream, revision, decided: source.decide(state, message), isAppended: false };
  }

  /** All or nothing, and only where the stream is as it was decided on. */
  #append({ delivery, stream, revision = 0, decided }: InHand): boolean {
    if (stream !== undefined && decided.length > 0) {
      const source: Aggregate<unknown> = delivery.component === accounts ? account : transaction;
      const instance = this.#instances.get(stream) ?? { state: source.initial, revision: 0 };
      if (instance.revision !== revision) return false;
      const state = decided.reduce((now, event) => source.evolve(now, event), instance.state);
      this.#instances.set(stream, { state, revision: revision + decided.length });
      this.watch.appended(stream, state, decided);
    }
    this.send(...decided);
    return true;
  }
}
