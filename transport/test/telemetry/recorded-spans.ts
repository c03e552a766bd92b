import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { type ReadableSpan, SimpleSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";

/** What a test looks at of a span; plain, so that it goes from one process to another. */
export interface RecordedSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly id: string;
  readonly parent: string | undefined;
  readonly links: readonly string[];
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const recorded = (span: ReadableSpan): RecordedSpan => ({
  name: span.name,
  kind: span.kind,
  traceId: span.spanContext().traceId,
  id: span.spanContext().spanId,
  parent: span.parentSpanContext?.spanId,
  links: span.links.map((link) => link.context.spanId),
  failed: span.status.code === 2,
  attributes: span.attributes,
});

/** A provider whose spans are told when they end. Contexts are kept over asynchronous calls in all of the process. */
export function recordingProvider(ended: (span: RecordedSpan) => void): TracerProvider {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const exporter: SpanExporter = {
    export(spans, done) {
      for (const span of spans) ended(recorded(span));
      done({ code: 0 });
    },
    shutdown: async () => {},
  };
  return new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
}

/** The spans below one, by name, each with those below it: `name*` where it has failed. */
export function treeOf(spans: readonly RecordedSpan[], parent?: string): readonly unknown[] {
  return spans
    .filter((span) => span.parent === parent)
    .map((span) => {
      const name = `${span.name}${span.failed ? "*" : ""}`;
      const below = treeOf(spans, span.id);
      return below.length === 0 ? name : [name, ...below];
    });
}
