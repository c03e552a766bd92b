import type { Component } from "../declare/component.ts";
import { messageContextOf } from "../messages/headers.ts";
import { ContextItems } from "../pipeline/context-items.ts";
import { failureHistoryOf } from "../receive/failure-history.ts";
import { decide } from "../recoverability/policy.ts";
import type { ErrorContext } from "../seam/contexts.ts";
import type { OnError } from "../seam/message-receiver.ts";
import type { MessageWay } from "./handle-message.ts";
import { Outbox } from "./outbox.ts";

/**
 * Makes the function that decides what becomes of a component's failed messages: its own policy, and where that says nothing its
 * retries. What the policy sends leaves at once, and has left when it has ended; its ids derive from the failure, so that the same
 * failure that is met again, after a crash, sends nothing twice.
 */
export function onErrorOf(component: Component, { pipeline, clock }: MessageWay, random: () => number): OnError {
  const { name, options } = component;
  return async (failure: ErrorContext) => {
    const { message, dispatcher, ...failed } = failure;
    const handling = messageContextOf(message.id, message.type, message.headers);
    // Counted anew after a replay: what failed before it was another failure.
    const { replays, unknownTypeRetries } = failureHistoryOf(message.headers);
    const outbox = new Outbox({
      context: { source: name, handling, sentAt: new Date(clock.now()) },
      scope: `${name}/failure/${failed.delayedRetries}/${failed.immediateFailures}${replays > 0 ? `/replay/${replays}` : ""}`,
      mode: "direct",
      pipeline,
      items: new ContextItems(failed.items),
      dispatcher,
      onLate: () => {},
    });
    const result = await decide(
      {
        ...failed,
        message,
        unknownTypeRetries,
        send: (command, body, said = {}) => outbox.send(command, body, said),
        publish: (event, body, said = {}) => outbox.send(event, body, said),
      },
      options.recover,
      options,
      random(),
    );
    await outbox.flush();
    return result;
  };
}
