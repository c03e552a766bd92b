import { type handleClientStreamingCall, status } from "@grpc/grpc-js";
import type { NewRecord } from "../log/record.ts";
import type { EventStore } from "../streams/event-store.ts";
import type { AppendResult } from "../streams/results.ts";
import type { Access } from "./access.ts";
import { type AppendLoad, weightOf } from "./append-load.ts";
import { CallFailure, failureOf, handlerException, appendTooLarge, invalidArgument, streamDeleted } from "./errors.ts";
import { expectedRevisionOf, type WireExpectation } from "./expectation.ts";
import type { OpenCalls } from "./open-calls.ts";
import { isWritableStreamName, MAX_APPEND_SIZE, MAX_APPEND_WEIGHT, newRecordOf } from "./proposal.ts";
import type { Decoded, Encodable } from "./wire/message.ts";
import type { appendReq, appendResp } from "./wire/streams.ts";

type Request = Decoded<typeof appendReq>;
type Response = Encodable<typeof appendResp>;

interface Options {
  readonly stream: string;
  readonly expectation: WireExpectation | undefined;
}

/** An append that is not complete by then never will be. */
const COLLECTING_MS = 30_000;

/** Serves the classic Append: a call for each append, its options first and then an event at a time (spec 1.6). */
export function append(
  store: EventStore,
  openCalls: OpenCalls,
  access: Access,
  load: AppendLoad,
): handleClientStreamingCall<Request, Response> {
  return (call, callback) => {
    let options: Options | undefined;
    const events: NewRecord[] = [];
    let size = 0;
    let held = 0;
    let isAnswered = false;
    let isWriting = false;
    const timer = setTimeout(() => fail(notComplete()), COLLECTING_MS);
    const listeners = new Set<() => void>();

    function close(): boolean {
      if (isAnswered) return false;
      isAnswered = true;
      clearTimeout(timer);
      if (!isWriting) load.end(held);
      for (const listener of listeners) listener();
      return true;
    }

    function fail(failure: CallFailure): void {
      if (close()) callback(failure);
    }

    function receive({ content }: Request): void {
      if (isAnswered) return;
      if (content?.case === "options") {
        options = {
          stream: content.value.streamIdentifier ?? "",
          expectation: content.value.expectedStreamRevision,
        };
        access.require(call, { kind: "stream", right: "write", stream: options.stream });
        return;
      }
      if (options === undefined) throw invalidArgument("An append begins with its options. Send them first.");
      if (content === undefined) return;
      if (load.isHeavy) throw tooBusy();
      const event = newRecordOf(content.value);
      events.push(event);
      size += event.data.length;
      const weight = weightOf([event]);
      held += weight;
      load.hold(weight);
      if (size > MAX_APPEND_SIZE || held > MAX_APPEND_WEIGHT) throw appendTooLarge(MAX_APPEND_SIZE);
    }

    async function write(): Promise<void> {
      if (isAnswered) return;
      if (options === undefined) throw invalidArgument("An append begins with its options. Send them first.");
      const { stream, expectation } = options;
      const expected = expectedRevisionOf(expectation);
      if (expected === undefined || !isWritableStreamName(stream)) throw handlerException();
      isWriting = true;
      clearTimeout(timer);
      try {
        const result = await store.append(stream, expected, events);
        if (result.outcome === "stream-deleted") throw streamDeleted(result.stream);
        if (close()) callback(null, responseOf(result, expectation));
      } finally {
        load.end(held);
      }
    }

    if (load.isFull) {
      clearTimeout(timer);
      isAnswered = true;
      callback(tooBusy());
      return;
    }
    load.begin();

    openCalls.add({
      fail,
      onClose(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
    call.on("cancelled", close);
    call.on("error", (error) => fail(failureOf(error)));
    call.on("data", (request: Request) => {
      try {
        receive(request);
      } catch (error) {
        fail(failureOf(error));
      }
    });
    call.on("end", () => {
      // A client that gives up ends its side, too, and only then is it heard that it gave up: half an append is none.
      setImmediate(() => {
        write().catch((error: unknown) => fail(failureOf(error)));
      });
    });
  };
}

function responseOf(
  result: Exclude<AppendResult, { outcome: "stream-deleted" }>,
  expectation: WireExpectation | undefined,
): Response {
  if (result.outcome === "appended") {
    const at = result.position;
    return {
      result: {
        case: "success",
        value: {
          currentRevisionOption:
            result.revision < 0 ? { case: "noStream" } : { case: "currentRevision", value: result.revision },
          positionOption:
            at === undefined
              ? { case: "noPosition" }
              : { case: "position", value: { commitPosition: at, preparePosition: at } },
        },
      },
    };
  }
  return {
    result: {
      case: "wrongExpectedVersion",
      value: {
        ...(result.current < 0
          ? {
              currentRevisionOption_20_6_0: { case: "noStream_20_6_0" },
              currentRevisionOption: { case: "currentNoStream" },
            }
          : {
              currentRevisionOption_20_6_0: { case: "currentRevision_20_6_0", value: result.current },
              currentRevisionOption: { case: "currentRevision", value: result.current },
            }),
        ...expectedOf(expectation),
      },
    },
  };
}

type WrongVersion = Extract<NonNullable<Response["result"]>, { case: "wrongExpectedVersion" }>["value"];

/** The request's expectation as it came, in the old fields and the new ones (spec 1.2). */
function expectedOf(expectation: WireExpectation | undefined): Partial<WrongVersion> {
  switch (expectation?.case) {
    case "revision":
    case "streamPosition":
      return {
        expectedRevisionOption_20_6_0: { case: "expectedRevision_20_6_0", value: expectation.value },
        expectedRevisionOption: { case: "expectedRevision", value: expectation.value },
      };
    case "noStream":
      return { expectedRevisionOption: { case: "expectedNoStream" } };
    case "streamExists":
      return {
        expectedRevisionOption_20_6_0: { case: "streamExists_20_6_0" },
        expectedRevisionOption: { case: "expectedStreamExists" },
      };
    default:
      return {
        expectedRevisionOption_20_6_0: { case: "any_20_6_0" },
        expectedRevisionOption: { case: "expectedAny" },
      };
  }
}

function notComplete(): CallFailure {
  const details = `Operation timed out: not all events of the append came within ${COLLECTING_MS / 1000} seconds.`;
  return new CallFailure(status.ABORTED, details);
}

function tooBusy(): CallFailure {
  return new CallFailure(status.UNAVAILABLE, "Server Is Too Busy: more appends wait for the disk than it can hold.");
}
