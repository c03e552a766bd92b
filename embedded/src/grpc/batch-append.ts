import type { handleBidiStreamingCall } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import type { NewRecord } from "../log/record.ts";
import type { EventStore } from "../streams/event-store.ts";
import type { AppendResult } from "../streams/results.ts";
import type { Access } from "./access.ts";
import { type AppendLoad, weightOf } from "./append-load.ts";
import { CallFailure } from "./errors.ts";
import { expectedRevisionOf, LAST_UINT64, type WireExpectation } from "./expectation.ts";
import type { OpenCalls } from "./open-calls.ts";
import { FlowControlledStream } from "./flow-controlled-stream.ts";
import { isWritableStreamName, MAX_APPEND_WEIGHT, newRecordOf } from "./proposal.ts";
import type { Decoded, Encodable } from "./wire/message.ts";
import { empty, type Message } from "./wire/message.ts";
import { badRequest, maximumAppendSizeExceeded, streamDeleted, wrongExpectedVersion } from "./wire/shared.ts";
import type { batchAppendReq, batchAppendResp, batchOptions } from "./wire/streams.ts";

type Request = Decoded<typeof batchAppendReq>;
type Response = Encodable<typeof batchAppendResp>;
type Answer = NonNullable<Response["result"]>;
type Options = Decoded<typeof batchOptions>;

/** Longest time between the first and the last chunk of an append (spec 1.6). */
const MAX_COLLECTING_MS = 2000;
const SWEEP_MS = 100;
/** No more is read from a client while this much of it is not yet answered. */
const MAX_WAITING_APPENDS = 4096;
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/** An append that has begun and is not answered. */
interface Append {
  readonly correlationId: string;
  readonly options: Options;
  readonly events: NewRecord[];
  /** Bytes of data in `events`. */
  size: number;
  /** Bytes that it keeps in memory. */
  held: number;
  /** All chunks are there; it is being written. */
  isComplete: boolean;
  /** It is with the store, which holds it even when the client has been answered. */
  isWriting: boolean;
  /** In milliseconds since 1970. */
  expires: number;
}

/**
 * Serves BatchAppend: one call that carries any number of appends, each known by its correlation id and
 * each answered exactly once, in any order (spec 1.6). The official client does not survive a second answer.
 */
export function batchAppend(
  store: EventStore,
  openCalls: OpenCalls,
  access: Access,
  load: AppendLoad,
): handleBidiStreamingCall<Request, Response> {
  return (call) => {
    const responses = new FlowControlledStream<Response>(call);
    const appends = new Map<string, Append>();
    let held = 0;
    let sweep: NodeJS.Timeout | undefined;
    let hasEnded = false;
    let isResuming = false;

    function drop(append: Append): void {
      appends.delete(append.correlationId);
      if (!append.isWriting) release(append);
    }

    function release(append: Append): void {
      held -= append.held;
      load.end(append.held);
    }

    function answer(append: Append, result: Answer): void {
      // Whoever comes second, the store or the deadline, finds it gone.
      if (appends.get(append.correlationId) !== append) return;
      drop(append);
      responses.write({
        correlationId: append.correlationId,
        result,
        streamIdentifier: append.options.streamIdentifier ?? "",
        expectedStreamPosition: append.options.expectedStreamPosition,
      });
      resume();
    }

    const isFull = (): boolean => appends.size >= MAX_WAITING_APPENDS || held >= MAX_WAITING_BYTES || load.isFull;

    function resume(): void {
      if (hasEnded && appends.size === 0) responses.end();
      else if (!call.isPaused() || isResuming) return;
      else if (!isFull()) void resumeReading();
      else if (load.isFull) load.whenRoom(resume);
    }

    async function resumeReading(): Promise<void> {
      isResuming = true;
      await responses.drained();
      isResuming = false;
      if (!isFull()) call.resume();
      else resume();
    }

    function receive(chunk: Request): void {
      const now = Date.now();
      const correlationId = chunk.correlationId ?? "";
      let append = appends.get(correlationId);
      if (append === undefined) {
        // What is left of an append that was refused in the middle.
        if (chunk.options === undefined) return;
        append = begin(correlationId, chunk.options, now);
        appends.set(correlationId, append);
        load.begin();
        sweep ??= setInterval(expire, SWEEP_MS).unref();
        const stream = chunk.options.streamIdentifier ?? "";
        if (!access.mayDo(call, { kind: "stream", right: "write", stream })) return answer(append, denied);
      }
      if (append.isComplete) return;
      if (append.expires <= now) return answer(append, timedOut);
      try {
        const more = collect(append, chunk);
        held += more;
        load.hold(more);
      } catch (error) {
        return answer(append, refusal(error));
      }
      const { maxAppendSize } = load;
      if (append.size > maxAppendSize || append.held > MAX_APPEND_WEIGHT)
        return answer(append, tooLarge(maxAppendSize));
      if (chunk.isFinal) void write(append);
    }

    async function write(append: Append): Promise<void> {
      append.isComplete = true;
      append.expires = deadlineOf(append.options) ?? Number.POSITIVE_INFINITY;
      const expected = expectedRevisionOf(append.options.expectedStreamPosition);
      const stream = append.options.streamIdentifier ?? "";
      if (expected === undefined || !isWritableStreamName(stream)) return answer(append, refusal());
      append.isWriting = true;
      try {
        const result = await store.append(stream, expected, append.events);
        answer(append, answerOf(result, append));
      } catch {
        answer(append, unknownFailure);
      } finally {
        release(append);
        resume();
      }
    }

    function expire(): void {
      const now = Date.now();
      for (const append of [...appends.values()]) if (append.expires <= now) answer(append, timedOut);
      if (appends.size > 0) return;
      clearInterval(sweep);
      sweep = undefined;
    }

    // The client takes a cancelled batch for what it is, and connects again (spec 1.6).
    openCalls.add({
      fail: () => responses.fail(new CallFailure(status.CANCELLED, "The server is shutting down.")),
      onClose: (listener) => responses.onClose(listener),
    });
    responses.onClose(() => {
      clearInterval(sweep);
      load.forget(resume);
      for (const append of [...appends.values()]) drop(append);
    });
    call.on("data", (chunk: Request) => {
      receive(chunk);
      if (!isFull()) return;
      call.pause();
      resume();
    });
    call.on("end", () => {
      hasEnded = true;
      for (const append of [...appends.values()]) if (!append.isComplete) drop(append);
      resume();
    });
  };
}

function begin(correlationId: string, options: Options, now: number): Append {
  const collecting = now + MAX_COLLECTING_MS;
  const expires = Math.min(deadlineOf(options) ?? collecting, collecting);
  return { correlationId, options, events: [], size: 0, held: 0, isComplete: false, isWriting: false, expires };
}

/** Adds a chunk's events; answers the bytes that they hold. */
function collect(append: Append, chunk: Request): number {
  const events = chunk.proposedMessages.map(newRecordOf);
  for (const event of events) {
    append.events.push(event);
    append.size += event.data.length;
  }
  const weight = weightOf(events);
  append.held += weight;
  return weight;
}

function deadlineOf(options: Options): number | undefined {
  const option = options.deadlineOption;
  if (option === undefined) return undefined;
  const ms = Number(option.value.seconds) * 1000 + option.value.nanos / 1e6;
  return option.case === "deadline" ? Date.now() + ms : ms;
}

const TYPE_URL = "type.googleapis.com/event_store.client.";

/** An error as the batch's own status: the client goes by the type of the details, and shows their name (spec 1.6). */
function failed<In>(name: string, code: status, details: Message<unknown, In>, value: In): Answer {
  const any = { typeUrl: TYPE_URL + name, value: details.encode(value) };
  return { case: "error", value: { code, message: name, details: any } };
}

const unknownFailure = failed("Unknown", status.UNKNOWN, empty, {});
const denied = failed("AccessDenied", status.PERMISSION_DENIED, empty, {});
const timedOut = failed("Timeout", status.DEADLINE_EXCEEDED, empty, {});
const tooLarge = (maxAppendSize: number): Answer =>
  failed("MaximumAppendSizeExceeded", status.INVALID_ARGUMENT, maximumAppendSizeExceeded, { maxAppendSize });

function refusal(cause?: unknown): Answer {
  const message = cause instanceof Error ? cause.message : "The stream or the expected revision cannot be.";
  return failed("BadRequest", status.INVALID_ARGUMENT, badRequest, { message });
}

function answerOf(result: AppendResult, append: Append): Answer {
  if (result.outcome === "stream-deleted") {
    const value = { streamIdentifier: result.stream };
    return failed("StreamDeleted", status.NOT_FOUND, streamDeleted, value);
  }
  if (result.outcome === "wrong-expected-revision") {
    return failed("WrongExpectedVersion", status.ALREADY_EXISTS, wrongExpectedVersion, {
      currentStreamRevision:
        result.current < 0 ? { case: "currentNoStream" } : { case: "currentStreamRevision", value: result.current },
      expectedStreamPosition: expectedOf(append.options.expectedStreamPosition),
    });
  }
  const at = result.position;
  return {
    case: "success",
    value: {
      currentRevisionOption:
        result.revision < 0 ? { case: "noStream" } : { case: "currentRevision", value: result.revision },
      positionOption:
        at === undefined
          ? { case: "noPosition" }
          : { case: "position", value: { commitPosition: at, preparePosition: at } },
    },
  };
}

function expectedOf(
  expectation: WireExpectation | undefined,
): NonNullable<Encodable<typeof wrongExpectedVersion>["expectedStreamPosition"]> {
  switch (expectation?.case) {
    case "revision":
    case "streamPosition":
      // Golden streams/expected-revisions-out-of-range: 2^64 - 1 comes back as what it means.
      return expectation.value === LAST_UINT64
        ? { case: "expectedNoStream" }
        : { case: "expectedStreamPosition", value: expectation.value };
    case "noStream":
      return { case: "expectedNoStream" };
    case "streamExists":
      return { case: "expectedStreamExists" };
    default:
      return { case: "expectedAny" };
  }
}
