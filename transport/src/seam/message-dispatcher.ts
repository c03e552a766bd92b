import type { Operations } from "./operations.ts";

/** What a bus knows of operations, for a transport that can make use of it. */
export interface DispatchOptions {
  /** Nobody has ever used the ids of these messages, so that others may leave in one step with them. Default false. */
  readonly isNew?: boolean;
}

/** Sends messages. */
export interface MessageDispatcher {
  /**
   * Settles when all operations are stored: those that are isolated each by itself, the others in one step or not at all where the
   * transport is capable of that. Safe to repeat with the same message ids.
   * @throws MessageTooLarge, InvalidName, ServerUnreachable, AccessRefused. What is not isolated is then not sent.
   */
  dispatch(operations: Operations, options?: DispatchOptions): Promise<void>;
}
