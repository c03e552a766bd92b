import { HEADER } from "../messages/header-names.ts";
import { type GeneratedProjection, withHeader } from "./generated.ts";
import { isExact, MATCHES, type Pattern } from "./pattern.ts";
import type { From } from "./shape.ts";
import { backfillName, backfillStream, filterName, subscriptionsStream } from "./stream-names.ts";

/** What a component subscribes to, each with the log position its subscription begins at; 0 is all of history. */
export type Subscriptions = ReadonlyMap<Pattern, number>;

/** Log positions from (inclusive) and until (exclusive). */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Stands in a filter that subscribes to nothing: one without handlers would take each event for its state (corrections 3.1). */
const NOTHING = "sluice.nothing";

/**
 * What a filter passes on once a component subscribes to more: what is there stays as it was made.
 * @param begin the log position that a new subscription begins at, by what is wanted of it.
 */
export const withAdded = (
  known: Subscriptions,
  wanted: Readonly<Record<Pattern, From>>,
  begin: (from: From) => number,
): Subscriptions =>
  new Map([
    ...known,
    ...Object.entries(wanted)
      .filter(([pattern]) => !known.has(pattern))
      .map(([pattern, from]) => [pattern, begin(from)] as const),
  ]);

/**
 * Generates the projection that links the published events a component subscribes to into its queue. Each subscription holds back
 * what was published before its `since`, so that the text alone says what the component gets, also after a reset.
 */
export function generateFilter(component: string, subscriptions: Subscriptions, generation = 1): GeneratedProjection {
  const entries = sorted(subscriptions).map(([pattern, since]) => [pattern, [since]] as const);
  return {
    kind: "filter",
    component,
    name: filterName(component, generation),
    text: withHeader(
      "filter",
      component,
      `Links the published events that ${component} subscribes to into its queue; the numbers are log positions.`,
      whenPublished(subscriptionsStream(component, generation), entries),
    ),
  };
}

/** Reads the subscriptions back out of a text that {@link generateFilter} made. */
export const readFilter = (text: string): Subscriptions =>
  new Map(readEntries(text).map(([pattern, [since = 0]]) => [pattern, since]));

/**
 * What of history a backfill still has to bring, of subscriptions that were made later `from: "start"`.
 * @param owed the log positions that these begin at.
 * @param brought until where earlier backfills have brought each.
 */
export const spansOwed = (
  owed: ReadonlyMap<Pattern, number>,
  brought: ReadonlyMap<Pattern, number>,
): ReadonlyMap<Pattern, Span> =>
  new Map(
    [...owed]
      .map(([pattern, since]) => [pattern, { from: brought.get(pattern) ?? 0, until: since }] as const)
      .filter(([, span]) => span.from < span.until),
  );

/**
 * Generates the projection that brings a component the history of what it subscribed to later `from: "start"`: its filter has
 * passed that over, and what it has passed over stays so. It ends where the filter begins, so there is neither gap nor repeat.
 */
export function generateBackfill(
  component: string,
  generation: number,
  spans: ReadonlyMap<Pattern, Span>,
): GeneratedProjection {
  const entries = sorted(spans).map(([pattern, { from, until }]) => [pattern, [from, until]] as const);
  return {
    kind: "backfill",
    component,
    name: backfillName(component, generation),
    text: withHeader(
      "backfill",
      component,
      `Links events published before ${component} subscribed to them into its queue; the numbers are log positions.`,
      whenPublished(backfillStream(component, generation), entries),
    ),
  };
}

/** Reads the spans back out of a text that {@link generateBackfill} made. */
export const readBackfill = (text: string): ReadonlyMap<Pattern, Span> =>
  new Map(readEntries(text).map(([pattern, [from = 0, until = 0]]) => [pattern, { from, until }]));

/** A pattern and its log positions: from where, and until where if that is not for ever. */
type Entry = readonly [Pattern, readonly number[]];

/**
 * Named handlers where types alone decide: then the engine passes only those types to the script. Otherwise `$any`, since both
 * cannot stand beside each other (spec 3.1); it is also called for what leads nowhere, whose link would fault (router.ts).
 * To parse an event's metadata takes nearly as long as all else that such a handler does, so it happens only where they name bases,
 * or could name them in escapes.
 */
function whenPublished(target: string, entries: readonly Entry[]): string {
  const into = JSON.stringify(target);
  if (entries.every(([pattern]) => isExact(pattern))) {
    const handlers = entries.map(
      ([type, [from, until]]) =>
        `  ${JSON.stringify(type)}(state, e) { if (e.linkMetadata.$c < ${from}${until === undefined ? "" : ` || e.linkMetadata.$c >= ${until}`}) return; linkTo(${into}, e); }`,
    );
    return `fromCategory("out").when({\n${(handlers.length === 0 ? [`  "${NOTHING}"() {}`] : handlers).join(",\n")}\n});`;
  }
  const wanted = entries.map(([pattern, positions]) => `  [${[JSON.stringify(pattern), ...positions].join(", ")}],`);
  return `const wanted = [
${wanted.join("\n")}
];
${MATCHES}
const basesOf = (e) => {
  const raw = e.metadataRaw || "";
  if (!raw.includes("${HEADER.baseTypes}") && !raw.includes("\\\\")) return [];
  try { return e.metadata["${HEADER.baseTypes}"].split(","); } catch (unreadable) { return []; }
};
fromCategory("out").when({
  $any(state, e) {
    const type = e.eventType;
    if (type === null || type[0] === "$" || e.sequenceNumber < 0) return;
    const at = e.linkMetadata.$c;
    for (const [pattern, from, until] of wanted) {
      if (at < from || at >= until || !matches(pattern, type, () => basesOf(e))) continue;
      linkTo(${into}, e);
      return;
    }
  }
});`;
}

const NAMED =
  /^ {2}("[^"]+")\(state, e\) \{ if \(e\.linkMetadata\.\$c < (\d+)(?: \|\| e\.linkMetadata\.\$c >= (\d+))?\) return; /gm;
const LISTED = /^ {2}\[("[^"]+"), (\d+)(?:, (\d+))?\],$/gm;

const readEntries = (text: string): readonly Entry[] =>
  [...text.matchAll(NAMED), ...text.matchAll(LISTED)].map(([, pattern, ...positions]) => [
    JSON.parse(pattern ?? '""') as string,
    positions.filter((position) => position !== undefined).map(Number),
  ]);

const sorted = <Value>(map: ReadonlyMap<string, Value>): readonly [string, Value][] =>
  [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
