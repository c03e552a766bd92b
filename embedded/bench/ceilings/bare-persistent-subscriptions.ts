import type { sendUnaryData, ServerDuplexStream, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Decoded, Encodable } from "../../src/grpc/wire/message.ts";
import type { readReq, readResp } from "../../src/grpc/wire/persistent.ts";
import { preparedIn } from "../events.ts";
import { bareEvent } from "./bare-events.ts";

type Read = ServerDuplexStream<Decoded<typeof readReq>, Encodable<typeof readResp>>;

const answerNothing = (_: unknown, callback: sendUnaryData<object>): void => callback(null, {});

/** Groups on prepared streams, which hand out an event for each that is acknowledged. */
export const barePersistentSubscriptions: UntypedServiceImplementation = {
  create: answerNothing,
  delete: answerNothing,
  read(call: Read) {
    let stream = "";
    let free = 0;
    let revision = 0;
    const send = (): void => {
      for (const events = preparedIn(stream); free > 0 && revision < events; free--, revision++) {
        call.write({
          content: {
            case: "event",
            value: {
              event: bareEvent(stream, revision),
              position: { case: "commitPosition", value: revision * 600 },
              count: { case: "retryCount", value: 0 },
            },
          },
        });
      }
    };
    call.on("data", ({ content }: Decoded<typeof readReq>) => {
      if (content?.case === "options") {
        const of = content.value.streamOption;
        stream = of?.case === "streamIdentifier" ? of.value : "";
        free = content.value.bufferSize;
        call.write({ content: { case: "subscriptionConfirmation", value: { subscriptionId: "bare" } } });
      } else if (content?.case === "ack") free += content.value.ids.length;
      send();
    });
    call.on("end", () => call.end());
  },
};
