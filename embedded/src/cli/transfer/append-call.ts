import { randomUUID } from "node:crypto";
import { type batchAppendResp, streamsService } from "../../grpc/wire/streams.ts";
import type { Decoded } from "../../grpc/wire/message.ts";
import type { Connection } from "../../client/connection.ts";
import { connectionError, NotAllowedError } from "../../client/connection-errors.ts";
import { ForeignTargetError, ImportFailedError } from "./transfer-errors.ts";

export interface AppendedEvent {
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

interface Waiting {
  readonly stream: string;
  readonly bytes: number;
  readonly answered: (position: number | undefined) => void;
  readonly failed: (error: unknown) => void;
}

/** Appends under way at most; a server handles those of one call in order, so what is written is always a beginning. */
const MAX_WAITING = 64;
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** A server's own limit is two seconds (spec 1.6); this one has to do only where it has none. */
const DEADLINE_SECONDS = 60;

/** One call that carries appends in order, many of them under way at once. */
export class AppendCall {
  readonly #call;
  readonly #address;
  readonly #waiting = new Map<string, Waiting>();
  #bytes = 0;
  #error: unknown;
  #moved = Promise.withResolvers<void>();

  constructor(connection: Connection) {
    this.#address = connection.address;
    this.#call = connection.bidi(streamsService, streamsService.methods.batchAppend);
    this.#call.on("data", (answer: Decoded<typeof batchAppendResp>) => this.#answer(answer));
    this.#call.on("error", (error: unknown) => this.#fail(connectionError(error, this.#address)));
    this.#call.on("end", () => this.#fail(new ImportFailedError("The target has ended the call. Import again.")));
  }

  /**
   * Sends an append once there is room for it; `answered` gets the position of its last event, where the server tells one.
   * @param before the revision that the stream's last event must have; -1 where there must be no stream.
   */
  async append(
    stream: string,
    before: number,
    events: readonly AppendedEvent[],
    answered: (position: number | undefined) => void,
  ): Promise<void> {
    while (this.#waiting.size >= MAX_WAITING || this.#bytes >= MAX_WAITING_BYTES) await this.#motion();
    if (this.#error !== undefined) throw this.#error;
    const bytes = events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
    const correlationId = randomUUID();
    this.#bytes += bytes;
    this.#waiting.set(correlationId, { stream, bytes, answered, failed: (error) => this.#fail(error) });
    this.#call.write({
      correlationId,
      options: {
        streamIdentifier: stream,
        expectedStreamPosition: before < 0 ? { case: "noStream" } : { case: "streamPosition", value: before },
        deadlineOption: { case: "deadline", value: { seconds: DEADLINE_SECONDS } },
      },
      proposedMessages: events.map(({ id, type, isJson, data, metadata }) => ({
        id,
        metadata: new Map([
          ["type", type],
          ["content-type", isJson ? "application/json" : "application/octet-stream"],
        ]),
        customMetadata: metadata,
        data,
      })),
      isFinal: true,
    });
  }

  /** Once everything is answered. */
  async settled(): Promise<void> {
    while (this.#waiting.size > 0) await this.#motion();
    if (this.#error !== undefined) throw this.#error;
  }

  close(): void {
    this.#error ??= new ImportFailedError("The call is closed.");
    this.#call.cancel();
  }

  async #motion(): Promise<void> {
    if (this.#error !== undefined) throw this.#error;
    await this.#moved.promise;
  }

  #answer({ correlationId, result }: Decoded<typeof batchAppendResp>): void {
    const one = this.#waiting.get(correlationId ?? "");
    if (one === undefined) return;
    this.#waiting.delete(correlationId ?? "");
    this.#bytes -= one.bytes;
    if (result?.case !== "success") return one.failed(refusal(one.stream, result?.value));
    const at = result.value.positionOption;
    one.answered(at?.case === "position" ? Number(at.value.commitPosition) : undefined);
    this.#move();
  }

  #fail(error: unknown): void {
    this.#error ??= error;
    this.#move();
  }

  #move(): void {
    this.#moved.resolve();
    this.#moved = Promise.withResolvers<void>();
  }
}

function refusal(stream: string, error: { readonly message: string; readonly details?: Details } | undefined): Error {
  const kind = error?.details?.typeUrl.split(".").at(-1) ?? "";
  if (kind === "WrongExpectedVersion" || kind === "StreamDeleted") return new ForeignTargetError(`stream ${stream}`);
  if (kind === "AccessDenied") return new NotAllowedError();
  const reason = kind === "Timeout" ? "it took too long" : (error?.message ?? "no reason given");
  return new ImportFailedError(
    `The target refuses an append to ${stream}: ${reason}. Import again; if it does not go on from there, into a new server.`,
  );
}

type Details = { readonly typeUrl: string } | undefined;
