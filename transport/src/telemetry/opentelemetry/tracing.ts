import {
  context,
  type Context,
  type Link,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import type { EndpointEvent } from "../../endpoint/endpoint-event.ts";
import type { Instrumentation } from "../../endpoint/instrumentation.ts";
import type { ObservedAttempt, ObservedSend } from "../../eventstoredb/interceptor.ts";
import type { OutgoingContext } from "../../pipeline/outgoing.ts";
import { describeError } from "../../receive/describe-error.ts";
import { ATTRIBUTE, type Attributes, errorTypeOf, SYSTEM } from "../attributes.ts";
import { contextOf, isWithinAttempt, ofAttempt, whileSending } from "./attempt-context.ts";
import { extract, inject } from "./trace-context.ts";

/** Longest text of an error in a span. */
const LONGEST = 4_000;
const VERBS = { command: "send", event: "publish", reply: "reply" } as const;
/** Ends of a message that have a span of their own, since the attempt's says nothing of them. */
const SETTLED = new Map<EndpointEvent["kind"], string>([
  ["parked", "park"],
  ["delayed", "delay"],
  ["discarded", "discard"],
  ["handled by policy", "handle by policy"],
  ["expired", "expire"],
]);

/** Spans by OpenTelemetry's messaging conventions, in one trace from the first message to all that it leads to. */
export function tracing(tracer: Tracer): Required<Pick<Instrumentation, "process" | "create" | "send" | "on">> {
  return {
    process(attempt, run) {
      const { component, message, items } = attempt;
      // Whoever started the endpoint, and in which trace, has nothing to do with it.
      const made = extract(message.headers);
      const span = tracer.startSpan(
        `process ${component}`,
        { kind: SpanKind.CONSUMER, attributes: attemptAttributes(attempt) },
        made,
      );
      const active = ofAttempt(trace.setSpan(made, span), items);
      return within(active, span, run);
    },

    create(outgoing, run) {
      const verb = VERBS[outgoing.kind];
      const parent = contextOf(outgoing);
      const span = tracer.startSpan(
        `${verb} ${outgoing.destination ?? outgoing.type}`,
        { kind: SpanKind.PRODUCER, attributes: creationAttributes(outgoing, verb) },
        parent,
      );
      const made = trace.setSpan(parent, span);
      inject(made, outgoing.headers);
      return within(outgoing.mode === "direct" ? whileSending(made) : made, span, run);
    },

    send(sent, run) {
      const active = context.active();
      // What is sent by itself has its span; decisions of several messages belong to several traces, and to none.
      if (sent.isEventSourced || !isWithinAttempt(active)) return run();
      const span = tracer.startSpan(
        "send",
        { kind: SpanKind.CLIENT, attributes: sendAttributes(sent), links: linksOf(sent) },
        active,
      );
      return within(trace.setSpan(active, span), span, run);
    },

    on(event) {
      const operation = SETTLED.get(event.kind);
      if (operation === undefined || !("headers" in event)) return;
      const { component, headers } = event;
      const span = tracer.startSpan(
        `${operation} ${component}`,
        { kind: SpanKind.CLIENT, attributes: settlementAttributes(event, operation) },
        extract(headers),
      );
      if ("error" in event) failed(span, event.error);
      span.end();
    },
  };
}

async function within(active: Context, span: Span, run: () => Promise<void>): Promise<void> {
  try {
    await context.with(active, run);
  } catch (error) {
    failed(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function failed(span: Span, error: unknown): void {
  const { name, message, stack } = describeError(error, LONGEST);
  span.recordException({ name, message, ...(stack === undefined ? {} : { stack }) });
  span.setAttribute(ATTRIBUTE.errorType, errorTypeOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

const attemptAttributes = (observed: ObservedAttempt): Attributes => {
  const { component, message, bodySize, attempt, delayedRetries } = observed;
  return {
    [ATTRIBUTE.system]: SYSTEM,
    [ATTRIBUTE.operation]: "process",
    [ATTRIBUTE.operationType]: "process",
    [ATTRIBUTE.destination]: component,
    [ATTRIBUTE.consumerGroup]: component,
    [ATTRIBUTE.component]: component,
    [ATTRIBUTE.messageId]: message.messageId,
    [ATTRIBUTE.conversation]: message.correlationId,
    [ATTRIBUTE.messageType]: message.type,
    [ATTRIBUTE.bodySize]: bodySize,
    [ATTRIBUTE.attempt]: attempt,
    [ATTRIBUTE.delayedRetries]: delayedRetries,
  };
};

const creationAttributes = (outgoing: OutgoingContext, verb: string): Attributes => ({
  [ATTRIBUTE.system]: SYSTEM,
  [ATTRIBUTE.operation]: verb,
  // What leaves with others is only made here.
  [ATTRIBUTE.operationType]: outgoing.mode === "direct" ? "send" : "create",
  [ATTRIBUTE.destination]: outgoing.destination ?? outgoing.type,
  [ATTRIBUTE.messageId]: outgoing.messageId,
  [ATTRIBUTE.conversation]: outgoing.correlationId,
  [ATTRIBUTE.messageType]: outgoing.type,
});

const sendAttributes = ({ messages }: ObservedSend): Attributes => ({
  [ATTRIBUTE.system]: SYSTEM,
  [ATTRIBUTE.operation]: "send",
  [ATTRIBUTE.operationType]: "send",
  [ATTRIBUTE.batchSize]: messages.length,
});

/** The spans in which the messages of one append were made. */
const linksOf = ({ messages }: ObservedSend): Link[] =>
  messages.flatMap(({ headers }) => {
    const made = trace.getSpanContext(extract(headers));
    return made === undefined ? [] : [{ context: made }];
  });

const settlementAttributes = (
  {
    component,
    messageId,
    type,
    correlationId,
  }: EndpointEvent & { readonly messageId: string; readonly type: string; readonly correlationId: string },
  operation: string,
): Attributes => ({
  [ATTRIBUTE.system]: SYSTEM,
  [ATTRIBUTE.operation]: operation,
  [ATTRIBUTE.operationType]: "settle",
  [ATTRIBUTE.destination]: component,
  [ATTRIBUTE.consumerGroup]: component,
  [ATTRIBUTE.component]: component,
  [ATTRIBUTE.messageId]: messageId,
  [ATTRIBUTE.conversation]: correlationId,
  [ATTRIBUTE.messageType]: type,
});
