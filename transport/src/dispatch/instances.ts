import { setTimeout as sleep } from "node:timers/promises";
import { StreamNotFoundError } from "@eventstore/db-client";
import type { Connection } from "../connection/connection.ts";
import type { DecideEntry, EventSourced } from "../declare/aggregate.ts";
import { checkBody } from "../messages/check-body.ts";
import { compose, type Origin } from "../messages/compose.ts";
import type { MessageIdentity } from "../messages/definition.ts";
import { deriveId } from "../messages/ids.ts";
import { instanceStream } from "../topology/stream-names.ts";
import type { Appender } from "./appender.ts";
import { InvalidInstanceId } from "./invalid-instance-id.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { TooManyConflicts } from "./too-many-conflicts.ts";

/** Times a decision is made anew on the fresh state, because another instance was quicker, before the attempt fails. */
const CONFLICTS = 20;
/** Milliseconds that it waits before one of those at most. */
const LONGEST_PAUSE = 500;

/** What instances are read from and written to. */
export interface InstanceStore {
  readonly connection: Connection;
  readonly appender: Appender;
  /** A number from 0 to 1. */
  readonly random: () => number;
}

/** The instances of aggregates and process managers, as one process handles their messages. */
export class Instances {
  readonly #store: InstanceStore;
  readonly #turns = new OneAtATime();

  constructor(store: InstanceStore) {
    this.#store = store;
  }

  /**
   * Handles a message with an event-sourced handler: folds the instance's stream, decides, and appends events and outgoing messages
   * in one append that expects the stream to be where it was read. A message whose id the stream names as a cause was handled
   * before, so state and messages are exactly once.
   *
   * Messages for one instance take turns in this process; other processes may be quicker, and then it is decided anew.
   * @throws InvalidInstanceId, TooManyConflicts, MessageTooLarge, ServerUnreachable, and what `decide` and `evolve` throw.
   */
  async handle<State>(
    source: EventSourced<State>,
    entry: DecideEntry<State>,
    body: object,
    origin: Handling,
  ): Promise<void> {
    const id: unknown = entry.id(body, origin.handling);
    if (typeof id !== "string" || id === "") throw new InvalidInstanceId(source.category, origin.handling.type, id);
    const stream = instanceStream(source.category, id);
    await this.#turns.run(stream, async () => {
      for (let conflicts = 0; conflicts < CONFLICTS; conflicts += 1) {
        if (await this.#decide(stream, source, entry, body, origin)) return;
        // Each round one of the contenders is through. So that all get there they spread out, more with each round.
        await sleep(this.#store.random() * Math.min(LONGEST_PAUSE, 2 ** conflicts));
      }
      throw new TooManyConflicts(stream, CONFLICTS);
    });
  }

  /** @returns false where another was quicker, and nothing is stored. */
  async #decide<State>(
    stream: string,
    source: EventSourced<State>,
    entry: DecideEntry<State>,
    body: object,
    origin: Handling,
  ): Promise<boolean> {
    const { connection, appender } = this.#store;
    const { messageId } = origin.handling;
    const instance = await load(connection, source, stream, messageId);
    if (instance.isHandled || instance.isCompleted) return true;
    const decided = entry.decide(instance.state, body, origin.handling);
    if (decided.length === 0) return true;
    const outgoing = [];
    for (const [index, { definition, body: content }] of decided.entries()) {
      await checkBody(definition, content);
      const id = deriveId(messageId, `${origin.source}/${source.category}/${index}`);
      outgoing.push(compose(definition, content, id, origin));
    }
    return appender.appendExpecting(stream, outgoing, instance.revision);
  }
}

/** Who handles, and which message. */
type Handling = Origin & { readonly handling: NonNullable<Origin["handling"]> };

interface Instance<State> {
  readonly state: State;
  readonly revision: bigint | "no_stream";
  /** The stream holds something that this message led to. */
  readonly isHandled: boolean;
  readonly isCompleted: boolean;
}

/** Folds what an instance's stream holds. */
async function load<State>(
  connection: Connection,
  source: EventSourced<State>,
  stream: string,
  messageId: string,
): Promise<Instance<State>> {
  let { initial: state } = source;
  let revision: bigint | "no_stream" = "no_stream";
  let isHandled = false;
  let isCompleted = false;
  await connection.call(async () => {
    try {
      for await (const { event } of connection.client.readStream(stream)) {
        if (event === undefined) continue;
        const definition: MessageIdentity = { kind: "event", type: event.type };
        state = source.evolve(state, { definition, body: event.data as object });
        revision = event.revision;
        isHandled ||= (event.metadata as { readonly $causationId?: unknown } | undefined)?.$causationId === messageId;
        isCompleted ||= source.completedBy.includes(event.type);
      }
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
  });
  return { state, revision, isHandled, isCompleted };
}
