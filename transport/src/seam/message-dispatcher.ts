import type { Operations } from "./operations.ts";

/** Sends messages. */
export interface MessageDispatcher {
  /**
   * Settles when all operations are stored: those that are isolated each by itself, the others in one step or not at all where the
   * transport is capable of that. Safe to repeat with the same message ids.
   * @throws MessageTooLarge, InvalidName, ServerUnreachable, AccessRefused. What is not isolated is then not sent.
   */
  dispatch(operations: Operations): Promise<void>;
}
