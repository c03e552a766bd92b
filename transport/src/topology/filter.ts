import { type GeneratedProjection, withHeader } from "./generated.ts";
import { backfillStream, subscriptionsStream } from "./stream-names.ts";

/** Message types a component subscribes to, each with the log position its subscription begins at; 0 is all of history. */
export type Subscriptions = ReadonlyMap<string, number>;

/** Log positions from (inclusive) and until (exclusive). */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Stands in a filter that subscribes to nothing: one without handlers would take each event for its state (corrections 3.1). */
const NOTHING = "sluice.nothing";

export const filterName = (component: string): string => `sluice.filter.${component}`;
export const backfillName = (component: string, generation: number): string =>
  `sluice.backfill.${component}.${generation}`;

/**
 * Generates the projection that links the published events a component subscribes to into its queue. Each type holds back what
 * was published before its `since`, so that the text alone says what the component gets, also after a reset.
 */
export function generateFilter(component: string, subscriptions: Subscriptions): GeneratedProjection {
  const target = JSON.stringify(subscriptionsStream(component));
  const handlers = sorted(subscriptions).map(
    ([type, since]) =>
      `  ${JSON.stringify(type)}(state, e) { if (e.linkMetadata.$c < ${since}) return; linkTo(${target}, e); }`,
  );
  const purpose = `Links the published events that ${component} subscribes to into its queue; the numbers are log positions.`;
  return {
    kind: "filter",
    component,
    name: filterName(component),
    text: withHeader("filter", component, purpose, whenPublished(handlers)),
  };
}

/** Reads the subscriptions back out of a text that {@link generateFilter} made. */
export function readFilter(text: string): Subscriptions {
  const lines = text.matchAll(/^ {2}("[^"]+")\(state, e\) \{ if \(e\.linkMetadata\.\$c < (\d+)\) return; /gm);
  return new Map([...lines].map(([, type, since]) => [JSON.parse(type ?? '""') as string, Number(since)]));
}

/**
 * Generates the projection that brings a component the history of types it subscribed to later `from: "start"`: its filter has
 * passed them over, and what it has passed over stays so. It ends where the filter begins, so there is neither gap nor repeat.
 */
export function generateBackfill(
  component: string,
  generation: number,
  spans: ReadonlyMap<string, Span>,
): GeneratedProjection {
  const target = JSON.stringify(backfillStream(component, generation));
  const handlers = sorted(spans).map(
    ([type, { from, until }]) =>
      `  ${JSON.stringify(type)}(state, e) { if (e.linkMetadata.$c < ${from} || e.linkMetadata.$c >= ${until}) return; linkTo(${target}, e); }`,
  );
  const purpose = `Links events published before ${component} subscribed to them into its queue; the numbers are log positions.`;
  return {
    kind: "backfill",
    component,
    name: backfillName(component, generation),
    text: withHeader("backfill", component, purpose, whenPublished(handlers)),
  };
}

/** Reads the spans back out of a text that {@link generateBackfill} made. */
export function readBackfill(text: string): ReadonlyMap<string, Span> {
  const lines = text.matchAll(
    /^ {2}("[^"]+")\(state, e\) \{ if \(e\.linkMetadata\.\$c < (\d+) \|\| e\.linkMetadata\.\$c >= (\d+)\) return; /gm,
  );
  return new Map(
    [...lines].map(([, type, from, until]) => [
      JSON.parse(type ?? '""') as string,
      { from: Number(from), until: Number(until) },
    ]),
  );
}

const whenPublished = (handlers: readonly string[]): string =>
  `fromCategory("out").when({\n${(handlers.length === 0 ? [`  "${NOTHING}"() {}`] : handlers).join(",\n")}\n});`;

const sorted = <Value>(map: ReadonlyMap<string, Value>): readonly [string, Value][] =>
  [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
