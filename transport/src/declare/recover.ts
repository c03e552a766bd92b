import type { CommandDefinition, EventDefinition } from "../messages/definition.ts";
import type { ErrorContext, ErrorResult } from "../seam/contexts.ts";
import type { CommandOptions, SendOptions } from "./context.ts";

/** A failed attempt, as those who decide see it, and how they tell others of it. */
export interface FailedMessage extends Omit<ErrorContext, "dispatcher"> {
  /**
   * Sends a command because of the failure. It leaves at once, whatever is decided then, and once for the same attempt.
   * @throws InvalidBody, SchemaRefused, InvalidHeader, InvalidName, InvalidTiming, ServerUnreachable
   */
  send<Body extends object, Sent extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    options?: Omit<CommandOptions, "mode">,
  ): Promise<void>;
  /** Publishes an event because of the failure. Otherwise as {@link FailedMessage.send}. */
  publish<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent>,
    body: Sent,
    options?: Omit<SendOptions, "mode">,
  ): Promise<void>;
}

/**
 * Decides per failure; undefined leaves it to the numbers of retries. What it throws is told, and the message is delivered again.
 *
 * ```ts
 * recover: async ({ error, message, send }) => {
 *   if (!(error instanceof CardExpired)) return undefined;
 *   await send(CancelOrder, { orderId: error.orderId });
 *   return { action: "handled" };
 * }
 * ```
 */
export type Recover = (failed: FailedMessage) => ErrorResult | undefined | Promise<ErrorResult | undefined>;
