import type { EventSourced } from "../declare/event-sourced.ts";
import { type OutgoingEvent, toEvent } from "../dispatch/outgoing-event.ts";
import { cancellationMessage, cancellationName } from "../messages/cancellation.ts";
import { destinationOf } from "../messages/compose.ts";
import type { DeferredMessage } from "../messages/deferred-message.ts";
import type { Message } from "../messages/definition.ts";
import { outgoingIds, handlerScope } from "../messages/ids.ts";
import { ContextItems } from "../pipeline/context-items.ts";
import type { OutgoingPipeline } from "../pipeline/outgoing-pipeline.ts";
import { type Decider, decisionOf } from "./decision.ts";
import type { Task } from "./task.ts";

/** What a decision sends, ready to be appended. */
export interface Outgoing {
  readonly events: readonly OutgoingEvent[];
  /** Types of what the instance has deferred and the decision cancels: what of that waits has to be looked up. */
  readonly cancels: ReadonlySet<string>;
}

/** Decides on a message, and makes of the decision what is appended. @throws what the declaration and the pipeline throw */
export async function outgoingOf(task: Task, decider: Decider<unknown>, pipeline: OutgoingPipeline): Promise<Outgoing> {
  const { origin: context, source, stream, entry, attempt } = task;
  const idOf = idsOf(task);
  const items = new ContextItems(attempt.items);
  const origin = { source: context.source, now: context.sentAt };
  const events: OutgoingEvent[] = [];
  const decided = decisionOf(entry, decider, { stream, body: task.body, context: context.handling });
  for (const { definition, body, cancels, timing: options = {} } of decided) {
    if (cancels === true) continue;
    const id = idOf(definition.type, destinationOf(definition, context.handling, undefined));
    await pipeline.run({ definition, body, id, options, context, mode: "transactional", items }, (message) => {
      events.push(toEvent(message, origin));
    });
  }
  return { events, cancels: canceledTypes(source, decided) };
}

/** What cancels these. */
export function cancellationsOf(task: Task, deferred: readonly DeferredMessage[]): readonly OutgoingEvent[] {
  const { origin: context } = task;
  const idOf = idsOf(task);
  const origin = { source: context.source, now: context.sentAt };
  return deferred.map((one) => toEvent(cancellationMessage(one, idOf(cancellationName(one), one.to), context), origin));
}

function idsOf({ origin, source, entry }: Task): ReturnType<typeof outgoingIds> {
  const { messageId, type } = origin.handling;
  return outgoingIds(messageId, handlerScope(`${origin.source}/${source.category}`, type, entry.on.type));
}

/** Of which types a decision cancels what waits: those that it names, and where it ends its instance, those declared so. */
function canceledTypes(
  { completedBy, canceledByCompletion }: Pick<EventSourced<unknown>, "completedBy" | "canceledByCompletion">,
  decided: readonly Message[],
): ReadonlySet<string> {
  const named = decided.filter(({ cancels }) => cancels === true).map(({ definition }) => definition.type);
  const ends = decided.some(({ definition }) => completedBy.includes(definition.type));
  return new Set([...named, ...(ends ? canceledByCompletion : [])]);
}
