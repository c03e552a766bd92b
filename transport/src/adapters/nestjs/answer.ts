import type { WritePacket } from "@nestjs/microservices";
import { HEADER } from "../../index.ts";
import type { Headers } from "../../seam/index.ts";
import { bodyOf } from "./body.ts";
import type { Handling } from "./handling.ts";
import { PACKET } from "./packet-headers.ts";

const NONE = Symbol("none");
/** What Nest tells strangers of a failure. */
const HIDDEN_FAILURE = { status: "error", message: "Internal server error" };

/** What of a message being handled an answer needs. */
export type Answering = Pick<Handling, "message" | "dispatcher" | "nextId">;

/**
 * The answer to one request. The last of its values leaves with all else that the handler sends, when it has ended; those before it
 * leave at once, so that an answer of many values is heard while it is made.
 */
export class Answer {
  readonly #handling: Answering;
  readonly #replyTo: string;
  readonly #serialize: (packet: WritePacket) => unknown;
  #kept: unknown = NONE;
  #index = 0;

  constructor(handling: Answering, replyTo: string, serialize: (packet: WritePacket) => unknown) {
    this.#handling = handling;
    this.#replyTo = replyTo;
    this.#serialize = serialize;
  }

  async value(value: unknown): Promise<void> {
    const before = this.#kept;
    this.#kept = value;
    if (before !== NONE) await this.#next({ response: before }, true);
  }

  async end(): Promise<void> {
    await this.#next({ ...(this.#kept === NONE ? {} : { response: this.#kept }), isDisposed: true }, false);
  }

  /** @param status as Nest's own servers say it of a request that nobody handles. */
  async error(err: unknown, status?: string): Promise<void> {
    if (this.#kept !== NONE) await this.#next({ response: this.#kept }, true);
    const said = err instanceof Error ? { status: "error", message: err.message } : err;
    await this.#next({ err: said, isDisposed: true, ...(status === undefined ? {} : { status }) }, false);
  }

  /** It could not be made or sent. However much of it has left before: the asker need not wait for the rest. */
  async broken(): Promise<void> {
    await this.#send({ err: HIDDEN_FAILURE, isDisposed: true }, false, {});
  }

  async #next(packet: WritePacket, isolated: boolean): Promise<void> {
    const place = { [PACKET.index]: this.#index };
    this.#index += 1;
    await this.#send(packet, isolated, place);
  }

  async #send(packet: WritePacket, isolated: boolean, place: Headers): Promise<void> {
    const { message, dispatcher } = this.#handling;
    const type = `${message.type}.reply`;
    const id = this.#handling.nextId(type, this.#replyTo);
    const headers: Headers = { [HEADER.intent]: "Reply", [PACKET.kind]: "response", ...place };
    const body = bodyOf(await this.#serialize(packet));
    const operation = { destination: this.#replyTo, message: { id, type, headers, ...body }, isolated };
    await dispatcher.dispatch({ unicast: [operation] });
  }
}
