import type { WritePacket } from "@nestjs/microservices";
import { HEADER } from "../../index.ts";
import type { Headers } from "../../seam/index.ts";
import { bodyOf } from "./body.ts";
import type { Handling } from "./handling.ts";
import { PACKET } from "./packet-headers.ts";

const NONE = Symbol("none");

/**
 * The answer to one request. The last of its values leaves with all else that the handler sends, when it has ended; those before it
 * leave at once, so that an answer of many values is heard while it is made.
 */
export class Answer {
  readonly #handling: Handling;
  readonly #replyTo: string;
  readonly #serialize: (packet: WritePacket) => unknown;
  #kept: unknown = NONE;
  #index = 0;

  constructor(handling: Handling, replyTo: string, serialize: (packet: WritePacket) => unknown) {
    this.#handling = handling;
    this.#replyTo = replyTo;
    this.#serialize = serialize;
  }

  async value(value: unknown): Promise<void> {
    const before = this.#kept;
    this.#kept = value;
    if (before !== NONE) await this.#send({ response: before }, true);
  }

  async end(): Promise<void> {
    await this.#send({ ...(this.#kept === NONE ? {} : { response: this.#kept }), isDisposed: true }, false);
  }

  /** @param status as Nest's own servers say it of a request that nobody handles. */
  async error(err: unknown, status?: string): Promise<void> {
    if (this.#kept !== NONE) await this.#send({ response: this.#kept }, true);
    const said = err instanceof Error ? { status: "error", message: err.message } : err;
    await this.#send({ err: said, isDisposed: true, ...(status === undefined ? {} : { status }) }, false);
  }

  async #send(packet: WritePacket, isolated: boolean): Promise<void> {
    const { message, dispatcher, nextId } = this.#handling;
    const type = `${message.type}.reply`;
    const id = nextId(type, this.#replyTo);
    const headers: Headers = { [HEADER.intent]: "Reply", [PACKET.kind]: "response", [PACKET.index]: this.#index };
    this.#index += 1;
    const body = bodyOf(await this.#serialize(packet));
    const operation = { destination: this.#replyTo, message: { id, type, headers, ...body }, isolated };
    await dispatcher.dispatch({ unicast: [operation] });
  }
}
