import {
  ProjectionFault,
  type Emission,
  type Handled,
  type ProjectionEvent,
} from "../../../src/projections/handler.ts";
import type { ProjectionHandler, SourceDefinition } from "../../../src/projections/handler.ts";
import { scriptCompiler } from "../../../src/projections/script/compile.ts";
import { record } from "../records.ts";

const compile = scriptCompiler(() => {});

/** One event of the stream `things`; `data` and `metadata` as text. */
export function thing(type: string, data: unknown = {}, metadata?: string): ProjectionEvent {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return {
    event: record("things", 0, type, { data: text, ...(metadata !== undefined && { metadata }) }),
    link: undefined,
  };
}

export async function definitionOf(query: string): Promise<SourceDefinition> {
  const handler = await compile(query);
  handler.dispose();
  return handler.definition;
}

/** The reason why a query does not compile. */
export async function refusalOf(query: string): Promise<string> {
  try {
    await definitionOf(query);
  } catch (error) {
    if (error instanceof ProjectionFault) return error.message;
    throw error;
  }
  throw new Error(`The query compiles, but should not: ${query}`);
}

/** A compiled query that is fed one event after the other, without partitions. */
export class Projection {
  readonly handler: ProjectionHandler;
  readonly emitted: Emission[] = [];
  last: Handled | undefined;

  constructor(handler: ProjectionHandler) {
    this.handler = handler;
    handler.initialize();
    if (handler.definition.biState) handler.initializeShared();
  }

  handle(...events: readonly ProjectionEvent[]): this {
    for (const event of events) {
      if (!this.handler.accepts(event)) continue;
      this.last = this.handler.process(event, "");
      this.emitted.push(...this.last.emitted);
    }
    return this;
  }

  /** The state as its JSON says it; undefined for none. */
  get state(): unknown {
    const text = this.last?.state ?? null;
    return text === null ? undefined : JSON.parse(text);
  }

  /** The text of the fault that the events end in. */
  faultOf(...events: readonly ProjectionEvent[]): string {
    try {
      this.handle(...events);
    } catch (error) {
      if (error instanceof ProjectionFault) return error.message;
      throw error;
    }
    throw new Error("The events were handled, but should have ended in a fault.");
  }
}

/** A projection with the handlers given as the inside of `when({ ... })`. */
export async function when(handlers: string, before = "", after = ""): Promise<Projection> {
  return project(`${before} fromStream('things').when({ ${handlers} })${after}`);
}

export async function project(query: string): Promise<Projection> {
  return new Projection(await compile(query));
}

/** What a handler of `Go` comes to that holds `body`; the event has body `{ n: 1 }`. */
export async function stateAfter(body: string): Promise<unknown> {
  return (await when(`Go(s, e) { ${body} }`)).handle(thing("Go", { n: 1 })).state;
}

/** The fault of a handler that holds `body`. */
export async function faultIn(body: string): Promise<string> {
  return (await when(`Go(s, e) { ${body} }`)).faultOf(thing("Go", { n: 1 }));
}
