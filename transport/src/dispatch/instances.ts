import { setTimeout as sleep } from "node:timers/promises";
import type { DecideEntry, EventSourced } from "../declare/aggregate.ts";
import { checkBody } from "../messages/check-body.ts";
import { compose, destinationOf, type SendingContext } from "../messages/compose.ts";
import type { MessageIdentity } from "../messages/definition.ts";
import { HEADER } from "../messages/header-names.ts";
import { outgoingIds } from "../messages/ids.ts";
import { bodyOf, metadataOf } from "../store/event.ts";
import type { Store } from "../store/store.ts";
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
  readonly store: Store;
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
    const { store, appender } = this.#store;
    const { messageId } = origin.handling;
    const instance = await load(store, source, stream, messageId);
    if (instance.isHandled || instance.isCompleted) return true;
    const decided = entry.decide(instance.state, body, origin.handling);
    if (decided.length === 0) return true;
    const outgoing = [];
    const idOf = outgoingIds(messageId, `${origin.source}/${source.category}`);
    for (const { definition, body: content, timing } of decided) {
      const id = idOf(definition.type, destinationOf(definition, origin.handling, undefined));
      await checkBody(definition, content);
      outgoing.push(compose(definition, content, id, origin, timing));
    }
    return appender.appendExpecting(stream, outgoing, instance.revision);
  }
}

/** Who handles, and which message. */
type Handling = SendingContext & { readonly handling: NonNullable<SendingContext["handling"]> };

interface Instance<State> {
  readonly state: State;
  readonly revision: bigint | "no stream";
  /** The stream holds something that this message led to. */
  readonly isHandled: boolean;
  readonly isCompleted: boolean;
}

/** Events read at once. */
const PAGE = 500;

/** Folds what an instance's stream holds. */
async function load<State>(
  store: Pick<Store, "pages">,
  source: EventSourced<State>,
  stream: string,
  messageId: string,
): Promise<Instance<State>> {
  let { initial: state } = source;
  let revision: bigint | "no stream" = "no stream";
  let isHandled = false;
  let isCompleted = false;
  for await (const page of store.pages(stream, { size: PAGE })) {
    for (const { event } of page) {
      if (event === undefined) continue;
      const definition: MessageIdentity = { kind: "event", type: event.type };
      const body: object = event.isJson ? Object(bodyOf(event)) : event.data;
      state = source.evolve(state, { definition, body });
      revision = event.revision;
      isHandled ||= Object(metadataOf(event))[HEADER.causationId] === messageId;
      isCompleted ||= source.completedBy.includes(event.type);
    }
  }
  return { state, revision, isHandled, isCompleted };
}
