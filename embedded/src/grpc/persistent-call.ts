import type { handleBidiStreamingCall, ServerDuplexStream } from "@grpc/grpc-js";
import { bodyBytes } from "../log/log.ts";
import { ConsumerDroppedError } from "../persistent/errors.ts";
import type { Subscription } from "../persistent/hosted-group.ts";
import type { Delivery } from "../persistent/consumer.ts";
import type { PersistentSubscriptions } from "../persistent/subsystem.ts";
import type { Access } from "./access.ts";
import { invalidArgument } from "./errors.ts";
import type { OpenCalls } from "./open-calls.ts";
import { FlowControlledStream } from "./flow-controlled-stream.ts";
import { groupNameOf } from "./persistent-config.ts";
import { groupFailure } from "./persistent-errors.ts";
import { uuidOf } from "./proposal.ts";
import { type Showing, visible } from "./read.ts";
import { readEventOf, type UuidForm, uuidFormOf } from "./recorded-event.ts";
import type { Decoded, Encodable } from "./wire/message.ts";
import type { readReq, readResp } from "./wire/persistent.ts";

type Request = Decoded<typeof readReq>;
type Response = Encodable<typeof readResp>;
type Options = Extract<Request["content"], { case: "options" }>["value"];

/** A group remembers all that its consumers hold, so that none may hold everything. */
const MOST_SLOTS = 10_000;

/**
 * Serves Read: a consumer's call, which first names its group and then carries events one way and settlements the other.
 * When it ends, however it does, the consumer has left.
 */
export function persistentCall(
  groups: PersistentSubscriptions,
  openCalls: OpenCalls,
  access: Access,
): handleBidiStreamingCall<Request, Response> {
  return (call) => {
    const responses = new FlowControlledStream<Response>(call);
    let subscription: Subscription | undefined;
    openCalls.add(responses);
    responses.onClose(() => subscription?.leave());
    call.on("end", () => responses.end());
    call.on("data", ({ content }: Request) => {
      if (!responses.open) return;
      try {
        if (content?.case === "options") {
          if (subscription !== undefined) throw invalidArgument("A call consumes from one group only.");
          subscription = open(groups, call, responses, content.value, access);
        } else if (subscription === undefined) {
          throw invalidArgument("A consumer names its group first.");
        } else if (content?.case === "ack") {
          subscription.ack(content.value.ids.map(idOf));
        } else if (content?.case === "nack") {
          subscription.nack(content.value.ids.map(idOf), content.value.action, content.value.reason);
        }
      } catch (error) {
        responses.fail(groupFailure(error));
      }
    });
  };
}

function open(
  groups: PersistentSubscriptions,
  call: ServerDuplexStream<Request, Response>,
  responses: FlowControlledStream<Response>,
  options: Options,
  access: Access,
): Subscription {
  const name = groupNameOf(options.streamOption, options.groupName);
  access.require(call, { kind: "stream", right: "read", stream: name.stream });
  const caller = access.callerOf(call);
  const mayFollow = access.linkRule(call);
  const form = uuidFormOf(options.uuidOption);
  const subscription = groups.subscribe(name, {
    // Without authentication everybody is the system, and the address stays untold (corrections 2.6).
    identity: {
      connectionName: String(call.metadata.get("connection-name")[0] ?? ""),
      username: caller.kind === "user" ? caller.login : "system",
      from: "",
    },
    slots: Math.min(options.bufferSize, MOST_SLOTS),
    deliver(message) {
      const { event } = message.resolved;
      const hasRoom = responses.write(delivery(message, form, mayFollow), event && bodyBytes(event));
      if (!hasRoom) void responses.drained().then(() => responses.open && subscription.drained());
      return hasRoom;
    },
    dropped: () => responses.fail(groupFailure(new ConsumerDroppedError(name))),
  });
  responses.write({ content: { case: "subscriptionConfirmation", value: { subscriptionId: subscription.id } } });
  return subscription;
}

/** An id may be written as those of events may (golden streams/odd-event-ids); what is none is that of no message. */
const idOf = (text: string): string => uuidOf(text) ?? text;

const delivery = (message: Delivery, form: UuidForm, mayFollow: Showing["mayFollow"]): Response => ({
  content: {
    case: "event",
    value: {
      ...readEventOf(visible(message.resolved, mayFollow), form),
      count: { case: "retryCount", value: message.retryCount },
    },
  },
});
