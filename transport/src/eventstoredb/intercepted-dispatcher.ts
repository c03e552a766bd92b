import { AsyncLocalStorage } from "node:async_hooks";
import type { MessageKind } from "../messages/definition.ts";
import { HEADER } from "../messages/header-names.ts";
import type { HeaderValue } from "../messages/header-value.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { SendMode } from "../messages/send-mode.ts";
import { ContextItems } from "../pipeline/context-items.ts";
import type { OutgoingContext } from "../pipeline/outgoing.ts";
import type { MessageDispatcher } from "../seam/message-dispatcher.ts";
import type { MulticastOperation, UnicastOperation } from "../seam/operations.ts";
import type { Interceptor } from "./interceptor.ts";

/** From where a dispatcher sends. */
export interface DispatchedFrom {
  /** How what is not isolated leaves. */
  readonly mode: SendMode;
  /** The message being handled; undefined outside of handling. */
  readonly handling?: MessageContext;
  readonly items?: ContextItems;
}

const KINDS: Readonly<Record<string, MessageKind>> = { Send: "command", Publish: "event", Reply: "reply" };

/** The same dispatcher, with an interceptor around each message, which sees and may change its headers. */
export function interceptedDispatcher(
  dispatcher: MessageDispatcher,
  intercept: Interceptor<OutgoingContext> | undefined,
  from: DispatchedFrom,
): MessageDispatcher {
  if (intercept === undefined) return dispatcher;
  return {
    dispatch({ unicast = [], multicast = [] }, options) {
      const outgoing: OutgoingContext[] = [];
      const observed = <Operation extends UnicastOperation | MulticastOperation>(operation: Operation): Operation => {
        const headers = { ...operation.message.headers };
        outgoing.push(contextOf(operation, headers, from));
        return { ...operation, message: { ...operation.message, headers } };
      };
      const operations = { unicast: unicast.map(observed), multicast: multicast.map(observed) };
      return around(outgoing, intercept, () => dispatcher.dispatch(operations, options));
    },
  };
}

/** Runs once what dispatches all messages, within the interceptor of each; one is not within another's. */
async function around(
  outgoing: readonly OutgoingContext[],
  intercept: Interceptor<OutgoingContext>,
  dispatch: () => Promise<void>,
): Promise<void> {
  const [first, ...others] = outgoing;
  if (first === undefined) return dispatch();
  if (others.length === 0) return intercept(first, dispatch);
  const asCalled = AsyncLocalStorage.snapshot();
  const dispatched = Promise.withResolvers<void>();
  let left = outgoing.length;
  const run = (): Promise<void> => {
    left -= 1;
    if (left === 0) dispatched.resolve(asCalled(dispatch));
    return dispatched.promise;
  };
  await Promise.all(outgoing.map((one) => intercept(one, run)));
}

function contextOf(
  operation: UnicastOperation | MulticastOperation,
  headers: Record<string, HeaderValue>,
  { mode, handling, items = new ContextItems() }: DispatchedFrom,
): OutgoingContext {
  const { id, type, body } = operation.message;
  const destination = "destination" in operation ? operation.destination : undefined;
  return {
    kind: KINDS[String(headers[HEADER.intent])] ?? (destination === undefined ? "event" : "command"),
    type,
    messageId: id,
    correlationId: String(headers[HEADER.correlationId] ?? handling?.correlationId ?? id),
    mode: operation.isolated === true ? "direct" : mode,
    destination,
    handling,
    body,
    headers,
    items,
  };
}
