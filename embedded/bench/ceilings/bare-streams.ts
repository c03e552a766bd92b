import type { ServerDuplexStream, ServerWritableStream, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Decoded, Encodable } from "../../src/grpc/wire/message.ts";
import type { batchAppendReq, batchAppendResp, readReq, readResp } from "../../src/grpc/wire/streams.ts";
import { preparedIn } from "../events.ts";
import { bareEvent, bareLink } from "./bare-events.ts";

type Read = ServerWritableStream<Decoded<typeof readReq>, Encodable<typeof readResp>>;
type BatchAppend = ServerDuplexStream<Decoded<typeof batchAppendReq>, Encodable<typeof batchAppendResp>>;

/** Subscriptions to streams that are not prepared: they get a link for each event that anybody appends. */
const live = new Set<(count: number) => void>();

/** Reads and subscriptions of prepared streams, appends to any. */
export const bareStreams: UntypedServiceImplementation = {
  async read(call: Read) {
    const { options } = call.request;
    const stream = options?.streamOption?.case === "stream" ? options.streamOption.value.streamIdentifier : "";
    const events = preparedIn(stream ?? "");
    if (options?.countOption?.case !== "subscription") {
      await send(call, stream ?? "", Math.min(Number(options?.countOption?.value ?? 0), events));
      call.end();
      return;
    }
    call.write({ content: { case: "confirmation", value: { subscriptionId: "bare" } } });
    if (events > 0) await send(call, stream ?? "", events);
    else follow(call, stream ?? "");
  },
  batchAppend(call: BatchAppend) {
    let revision = 0;
    call.on("data", ({ correlationId, options, proposedMessages, isFinal }: Decoded<typeof batchAppendReq>) => {
      revision += proposedMessages.length;
      for (const write of live) write(proposedMessages.length);
      if (!isFinal) return;
      call.write({
        correlationId: correlationId ?? "",
        result: {
          case: "success",
          value: {
            currentRevisionOption: { case: "currentRevision", value: revision },
            positionOption: {
              case: "position",
              value: { commitPosition: revision * 600, preparePosition: revision * 600 },
            },
          },
        },
        streamIdentifier: options?.streamIdentifier ?? "",
        expectedStreamPosition: { case: "any" },
      });
    });
    call.on("end", () => call.end());
  },
};

async function send(call: Read, stream: string, count: number): Promise<void> {
  let wake = (): void => {};
  call.on("drain", () => wake());
  call.once("cancelled", () => wake());
  for (let revision = 0; revision < count && !call.cancelled; revision++) {
    const value = {
      event: bareEvent(stream, revision),
      position: { case: "commitPosition", value: revision * 600 },
    } as const;
    if (call.write({ content: { case: "event", value } })) continue;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

function follow(call: Read, stream: string): void {
  let revision = 0;
  const write = (count: number): void => {
    for (const last = revision + count; revision < last; revision++) {
      const event = bareEvent("intermediate.sales", revision);
      const position = { case: "commitPosition", value: revision * 600 } as const;
      call.write({ content: { case: "event", value: { event, link: bareLink(stream, revision), position } } });
    }
  };
  live.add(write);
  call.once("cancelled", () => live.delete(write));
}
