import { randomUUID } from "node:crypto";
import { AccessRefused } from "./access-refused.ts";
import { append, type Appended } from "./append.ts";
import { type BatchAnswer, batchAnswer, outcomeOf } from "./batch-answer.ts";
import { type BatchedAppend, batchedAppend } from "./batch-request.ts";
import { CALL_LIMIT, type Calls } from "./calls.ts";
import type { ExpectedRevision, NewEvent } from "./event.ts";
import { gatherWrites } from "./gathered-writes.ts";
import { StreamsClient } from "./generated.ts";
import { ServerUnreachable } from "./server-unreachable.ts";

const METHOD = "/event_store.client.streams.Streams/BatchAppend";
/** gRPC: the server does not know the method. */
const UNIMPLEMENTED = 12;
/** Milliseconds between two looks for what was not answered in time. */
const LOOK = 500;

/** An append that is not answered. */
interface Pending extends BatchedAppend {
  readonly givenAt: number;
  resolve(appended: Appended): void;
  reject(error: unknown): void;
}

/** One call, from its beginning to its end. */
interface Line {
  /** By their correlation ids, in the order given. */
  readonly pending: Map<string, Pending>;
  /** Undefined until the call is made; then all that waits leaves in order. */
  write: ((message: Buffer) => void) | undefined;
  cancel: (() => void) | undefined;
}

/**
 * Appends over one call that stays open. Many may be under way at once, and those to one stream are stored in the order in which
 * they were given: messages of one call stay in order on their way and are taken in that order by the server, which nothing promises
 * of calls apart. The client's own such call is not used: when it fails it fails those of every client in the process, and an answer
 * that comes twice ends the process.
 *
 * When the call ends, what is not answered is rejected with ServerUnreachable, since it may be stored; the next append makes a new one.
 */
export class BatchAppends {
  readonly #calls: Calls;
  readonly #now: () => number;
  #line: Line | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isSupported: boolean | undefined;

  /** @param now milliseconds since any fixed moment. */
  constructor(calls: Calls, now: () => number) {
    this.#calls = calls;
    this.#now = now;
  }

  /** Whether appends that are under way together are stored in their order. Not before the first has been answered. */
  get keepsOrder(): boolean {
    return this.#isSupported === true;
  }

  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    if (this.#isSupported === false) return append(this.#calls, stream, events, { expected });
    const line = (this.#line ??= this.#open());
    const { promise, resolve, reject } = Promise.withResolvers<Appended>();
    const correlationId = randomUUID();
    const pending = { correlationId, stream, events, expected, givenAt: this.#now(), resolve, reject };
    line.pending.set(correlationId, pending);
    if (line.write !== undefined) send(line.write, pending);
    this.#timer ??= setInterval(() => this.#look(), LOOK).unref();
    return promise;
  }

  #open(): Line {
    const line: Line = { pending: new Map(), write: undefined, cancel: undefined };
    gatherWrites(METHOD);
    this.#calls
      .withStub(StreamsClient, Infinity, async (stub, [metadata, limits]) => {
        // It was given up while the leader was looked for.
        if (this.#line !== line) return;
        const call = stub.makeBidiStreamRequest<Buffer, BatchAnswer>(
          METHOD,
          (message) => message,
          batchAnswer,
          metadata,
          limits,
        );
        const over = Promise.withResolvers<void>();
        call.on("error", over.reject);
        call.on("end", over.resolve);
        call.on("data", (answer: BatchAnswer) => {
          this.#calls.heard();
          this.#answered(line, answer);
        });
        line.cancel = () => call.cancel();
        line.write = (message) => void call.write(message);
        for (const pending of line.pending.values()) send(line.write, pending);
        await over.promise;
        throw this.#calls.unreachable("It ended the call for appends.");
      })
      .catch((error: unknown) => this.#ended(line, error));
    return line;
  }

  /** A second answer to the same append finds nobody. */
  #answered(line: Line, answer: BatchAnswer): void {
    const pending = line.pending.get(answer.correlationId);
    if (pending === undefined) return;
    line.pending.delete(answer.correlationId);
    this.#isSupported = true;
    const outcome = outcomeOf(answer, pending);
    if (outcome.kind === "done") pending.resolve(outcome.appended);
    else if (outcome.kind === "failed") pending.reject(outcome.error);
    else if (outcome.kind === "unknown") {
      this.#calls.suspect();
      pending.reject(this.#calls.unreachable(outcome.said));
    } else pending.reject(new AccessRefused(this.#calls.address, { cause: new Error(outcome.said) }));
  }

  #ended(line: Line, error: unknown): void {
    if (this.#line === line) this.#line = undefined;
    // It may be left although it stands, when its node is.
    line.cancel?.();
    const left = [...line.pending.values()];
    line.pending.clear();
    if (error instanceof Error && Reflect.get(error, "code") === UNIMPLEMENTED) {
      // It has read none of them.
      this.#isSupported = false;
      void this.#oneAfterTheOther(left);
      return;
    }
    const isTold = error instanceof ServerUnreachable || error instanceof AccessRefused;
    const failure = isTold ? error : new ServerUnreachable(this.#calls.address, { cause: error });
    for (const { reject } of left) reject(failure);
  }

  async #oneAfterTheOther(left: readonly Pending[]): Promise<void> {
    for (const { stream, events, expected, resolve, reject } of left) {
      await append(this.#calls, stream, events, { expected }).then(resolve, reject);
    }
  }

  /** Gives up what was not answered in time. Those given first are first. */
  #look(): void {
    const line = this.#line;
    const due = this.#now() - CALL_LIMIT;
    for (const [correlationId, { givenAt, reject }] of line?.pending ?? []) {
      if (givenAt > due) break;
      line?.pending.delete(correlationId);
      reject(this.#calls.unreachable(`It did not answer an append within ${CALL_LIMIT} ms.`));
    }
    if (line !== undefined && line.pending.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function send(write: (message: Buffer) => void, pending: Pending): void {
  for (const message of batchedAppend(pending)) write(message);
}
