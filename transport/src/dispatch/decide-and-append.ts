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
import { TooManyConflicts } from "./too-many-conflicts.ts";

/** Times a decision is made anew on the fresh state, because another instance was quicker, before the attempt fails. */
const CONFLICTS = 20;
/** Milliseconds that it waits before one of those at most. */
const LONGEST_PAUSE = 500;

/**
 * Handles a message with an event-sourced handler: folds the instance's stream, decides, and appends events and outgoing messages
 * in one append that expects the stream to be where it was read. A message whose id the stream names as a cause was handled
 * before, so state and messages are exactly once.
 *
 * @throws InvalidInstanceId, TooManyConflicts, MessageTooLarge, ServerUnreachable, and what `decide` and `evolve` throw.
 */
export async function decideAndAppend<State>(
  { connection, appender }: { readonly connection: Connection; readonly appender: Appender },
  source: EventSourced<State>,
  entry: DecideEntry<State>,
  body: object,
  origin: Origin & { readonly handling: NonNullable<Origin["handling"]> },
): Promise<void> {
  const facts = origin.handling;
  const id: unknown = entry.id(body, facts);
  if (typeof id !== "string" || id === "") throw new InvalidInstanceId(source.category, facts.type, id);
  const stream = instanceStream(source.category, id);
  for (let conflicts = 0; conflicts < CONFLICTS; conflicts += 1) {
    const instance = await load(connection, source, stream, facts.messageId);
    if (instance.isHandled || instance.isCompleted) return;
    const decided = entry.decide(instance.state, body, facts);
    if (decided.length === 0) return;
    const outgoing = [];
    for (const [index, message] of decided.entries()) {
      await checkBody(message.definition, message.body);
      const name = `${origin.source}/${source.category}/${index}`;
      outgoing.push(compose(message.definition, message.body, deriveId(facts.messageId, name), origin));
    }
    if (await appender.appendExpecting(stream, outgoing, instance.revision)) return;
    // Each round one of the contenders is through. So that all get there they spread out, more with each round.
    await sleep(Math.random() * Math.min(LONGEST_PAUSE, 2 ** conflicts));
  }
  throw new TooManyConflicts(stream, CONFLICTS);
}

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
