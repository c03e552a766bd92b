import { AsyncLocalStorage } from "node:async_hooks";
import { outgoingIds, type MessageContext } from "../../index.ts";
import type { MessageDispatcher, ReceiveContext } from "../../seam/index.ts";

/** A message being handled, as far as sending on its behalf goes. */
export class Handling {
  readonly message: MessageContext;
  readonly connectionString: string;
  readonly dispatcher: MessageDispatcher;
  readonly #address: string;
  readonly #ids = new Map<string, ReturnType<typeof outgoingIds>>();
  readonly #emitted = new Set<Promise<void>>();
  #end: "handled" | "failed" | undefined;

  constructor(receive: ReceiveContext, message: MessageContext, connectionString: string) {
    this.message = message;
    this.connectionString = connectionString;
    this.#address = receive.receiveAddress;
    this.dispatcher = receive.dispatcher;
  }

  /**
   * The id of the next message of a type to a destination: the same each time that the message is handled. Of several handlers that
   * run at once each counts for itself.
   */
  nextId(type: string, destination?: string): string {
    const scope = running.getStore() ?? this.#address;
    const idOf = this.#ids.get(scope) ?? outgoingIds(this.message.messageId, scope);
    this.#ids.set(scope, idOf);
    return idOf(type, destination);
  }

  /** Handled: what its handler has left behind, such as a timer, sends as anybody does. */
  get isHandled(): boolean {
    return this.#end === "handled";
  }

  /** The message must not be settled before that has settled. */
  keep(emitted: Promise<void>): void {
    // Whether anybody else hears of a failure or not, and also of what is emitted too late.
    emitted.catch(() => {});
    if (this.#end === undefined) this.#emitted.add(emitted);
  }

  /** Settles when all is given to the transport that was emitted meanwhile. @throws what prevented that */
  async allEmitted(): Promise<void> {
    while (this.#emitted.size > 0) {
      const those = [...this.#emitted];
      this.#emitted.clear();
      await Promise.all(those);
    }
  }

  end(how: "handled" | "failed"): void {
    this.#end = how;
  }
}

/** Which handler of an event it is that runs, for the ids of what it emits. */
export const running = new AsyncLocalStorage<string>();

/** The message on whose behalf runs what runs. */
export const handlings = new AsyncLocalStorage<Handling>();
