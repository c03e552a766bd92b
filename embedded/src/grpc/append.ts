import type { handleClientStreamingCall } from "@grpc/grpc-js";
import type { NewRecord } from "../log/record.ts";
import type { EventStore } from "../streams/event-store.ts";
import type { AppendResult } from "../streams/results.ts";
import type { Access, Call } from "./access.ts";
import { type AppendLoad, weightOf } from "./append-load.ts";
import { type CollectedAppend, collectedAppend, tooBusy } from "./collected-append.ts";
import { appendTooLarge, type CallFailure, handlerException, invalidArgument, streamDeleted } from "./errors.ts";
import { expectedRevisionOf, type WireExpectation } from "./expectation.ts";
import type { OpenCalls } from "./open-calls.ts";
import { isWritableStreamName, MAX_APPEND_WEIGHT, newRecordOf } from "./proposal.ts";
import type { Decoded, Encodable } from "./wire/message.ts";
import type { appendReq, appendResp } from "./wire/streams.ts";

type Request = Decoded<typeof appendReq>;
type Response = Encodable<typeof appendResp>;

interface Options {
  readonly stream: string;
  readonly expectation: WireExpectation | undefined;
}

/** Serves the classic Append: a call for each append, its options first and then an event at a time (spec 1.6). */
export function append(
  store: EventStore,
  openCalls: OpenCalls,
  access: Access,
  load: AppendLoad,
): handleClientStreamingCall<Request, Response> {
  return collectedAppend(load, openCalls, (call) => new ClassicAppend(store, access, load, call));
}

class ClassicAppend implements CollectedAppend<Request, Response> {
  weight = 0;
  readonly #store: EventStore;
  readonly #access: Access;
  readonly #load: AppendLoad;
  readonly #call: Call;
  readonly #events: NewRecord[] = [];
  #options: Options | undefined;
  #size = 0;

  constructor(store: EventStore, access: Access, load: AppendLoad, call: Call) {
    this.#store = store;
    this.#access = access;
    this.#load = load;
    this.#call = call;
  }

  receive({ content }: Request): void {
    if (content?.case === "options") {
      const stream = content.value.streamIdentifier ?? "";
      this.#options = { stream, expectation: content.value.expectedStreamRevision };
      this.#access.require(this.#call, { kind: "stream", right: "write", stream });
      return;
    }
    if (this.#options === undefined) throw noOptions();
    if (content === undefined) return;
    if (this.#load.isHeavy) throw tooBusy();
    const event = newRecordOf(content.value);
    this.#events.push(event);
    this.#size += event.data.length;
    const weight = weightOf([event]);
    this.weight += weight;
    this.#load.hold(weight);
    const { maxAppendSize } = this.#load;
    if (this.#size > maxAppendSize || this.weight > MAX_APPEND_WEIGHT) throw appendTooLarge(maxAppendSize);
  }

  complete(): () => Promise<Response> {
    if (this.#options === undefined) throw noOptions();
    const { stream, expectation } = this.#options;
    const expected = expectedRevisionOf(expectation);
    if (expected === undefined || !isWritableStreamName(stream)) throw handlerException();
    return async () => {
      const result = await this.#store.append(stream, expected, this.#events);
      if (result.outcome === "stream-deleted") throw streamDeleted(result.stream);
      return responseOf(result, expectation);
    };
  }
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

function noOptions(): CallFailure {
  return invalidArgument("An append begins with its options. Send them first.");
}
