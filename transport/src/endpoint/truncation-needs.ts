import type { Deployed } from "../deploy/deployed.ts";
import { type EarliestPlaces, type Need, streamCheckpointOf } from "../deploy/truncation.ts";
import { HEADER } from "../messages/header-names.ts";
import { readCursor } from "../schedule/cursor.ts";
import { metadataOf, type StoredEvent } from "../store/event.ts";
import type { Store } from "../store/store.ts";
import { minuteFrom } from "../topology/minute.ts";
import {
  deferredStream,
  laterQueueStream,
  routedLaterStream,
  routedStream,
  routerName,
} from "../topology/stream-names.ts";

const PAGE = 500;

/** How much is kept at least of a stream that components send by or receive from. */
export interface Margin {
  /** Events. */
  readonly events: number;
  /** Milliseconds. */
  readonly age: number;
}

/** What is known of the whole server. */
export interface ServerFacts {
  readonly store: Pick<Store, "read" | "pages" | "projections">;
  /** Place in the log up to which `$by_category` reads nothing again. */
  readonly linkedUpTo: bigint;
  /** Originals that links lead to which nobody has settled, or that are parked and were not dealt with. */
  readonly waiting: EarliestPlaces;
  readonly parked: EarliestPlaces;
  /** Components that have a group. */
  readonly received: ReadonlySet<string>;
  readonly margin: Margin;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A stream as far as there is something in it. */
export interface Extent {
  readonly stream: string;
  readonly first: StoredEvent;
  readonly last: StoredEvent;
}

export async function extentOf(store: Pick<Store, "read">, stream: string): Promise<Extent | undefined> {
  const [[first], [last]] = await Promise.all([
    store.read(stream, { limit: 1 }),
    store.read(stream, { limit: 1, direction: "backwards" }),
  ]);
  if (first?.event === undefined || last?.event === undefined) return undefined;
  return { stream, first: first.event, last: last.event };
}

/** The first event of a stream for which something holds that holds for all after it; undefined where it holds for none. */
export async function firstWhere(
  store: Pick<Store, "read">,
  { stream, first, last }: Extent,
  holds: (event: StoredEvent) => boolean,
): Promise<bigint | undefined> {
  if (!holds(last)) return undefined;
  let [low, high] = [first.revision, last.revision];
  while (low < high) {
    const middle = (low + high) / 2n;
    const [found] = await store.read(stream, { from: middle, limit: 1 });
    // What is hidden between two events counts as the one behind it.
    if (found?.event !== undefined && !holds(found.event)) low = found.event.revision + 1n;
    else high = middle;
  }
  return low;
}

/** What is kept for safety: repeats are recognized by the streams themselves for a while, and replies are looked for at their ends. */
export async function marginNeeds(
  { store, margin, now }: Pick<ServerFacts, "store" | "margin" | "now">,
  extent: Extent,
  since: number | undefined,
): Promise<readonly Need[]> {
  const oldest = Math.min(now - margin.age, since ?? Number.POSITIVE_INFINITY);
  const young = await firstWhere(store, extent, ({ created }) => created.getTime() >= oldest);
  return [
    {
      from: extent.last.revision - BigInt(margin.events) + 1n,
      because: `The last ${margin.events} events stay, to recognize repeats.`,
    },
    ...(young === undefined
      ? []
      : [
          { from: young, because: "What is young, or younger than a message that waits, stays, to recognize repeats." },
        ]),
  ];
}

/** What waits for somebody, or is parked. */
export function placeNeeds(
  { waiting, parked }: Pick<ServerFacts, "waiting" | "parked">,
  stream: string,
): readonly Need[] {
  const needs = [
    [waiting.in(stream), "It waits in a queue: nobody has settled it."],
    [parked.in(stream), "It is parked, and nobody has dealt with it."],
  ] as const;
  return needs.flatMap(([from, because]) => (from === undefined ? [] : [{ from, because }]));
}

/** What `$by_category` would read again after a crash. */
export async function linkingNeeds(
  { store, linkedUpTo }: Pick<ServerFacts, "store" | "linkedUpTo">,
  extent: Extent,
  placeOf: (event: StoredEvent) => bigint | undefined,
): Promise<readonly Need[]> {
  const from = await firstWhere(store, extent, (event) => (placeOf(event) ?? linkedUpTo + 1n) > linkedUpTo);
  return from === undefined
    ? []
    : [{ from, because: "$by_category has no checkpoint behind it, and reads it again after a crash." }];
}

/** The place in the log of the event that a link of a queue was made for, as its metadata have it. */
export function sourcePlaceOf(link: StoredEvent): bigint | undefined {
  const place: unknown = metadataOf(link).$c;
  return typeof place === "number" ? BigInt(place) : undefined;
}

/** What the routers of an outbox, and `$by_category` behind them, would do again after a crash; and what cannot be told to be done. */
export async function outboxNeeds(
  facts: ServerFacts,
  component: string,
  deployed: Deployed,
  extent: Extent,
  until: bigint,
): Promise<readonly Need[]> {
  const { store, linkedUpTo } = facts;
  const router = deployed.routers[component];
  const found =
    router === undefined ? undefined : await store.projections.find(routerName(component, router.generation));
  const checkpoint = found === undefined ? -1n : streamCheckpointOf(found.checkpoint);
  const needs: Need[] = [
    { from: checkpoint + 1n, because: "Its router has no checkpoint behind it, and reads it again after a crash." },
  ];
  const end = checkpoint + 1n < until ? checkpoint + 1n : until;
  const destinations = new Set<string>();
  const { generation = 1 } = router ?? {};
  const blocked = await firstBlocked(facts, extent, end, destinations, deferredDone(facts, component, generation));
  if (blocked !== undefined) needs.push(blocked);
  const targets = [...destinations].flatMap((destination) =>
    Array.from({ length: generation }, (_, n) => [destination, routedStream(destination, component, n + 1)] as const),
  );
  for (const [destination, stream] of targets) {
    const links = await extentOf(store, stream);
    if (links === undefined) continue;
    const from = await firstWhere(store, links, ({ position }) => (position ?? linkedUpTo + 1n) > linkedUpTo);
    const [link] = from === undefined ? [] : await store.read(links.stream, { from, limit: 1 });
    const source: unknown = Object(Object(link?.event && metadataOf(link.event)).$s)[extent.stream];
    if (typeof source === "number")
      needs.push({
        from: BigInt(source),
        because: `$by_category has no checkpoint behind its link for ${destination}.`,
      });
  }
  return needs;
}

/** The first event before `end` that somebody may need whatever was done with it. */
async function firstBlocked(
  facts: ServerFacts,
  { stream, first }: Extent,
  end: bigint,
  destinations: Set<string>,
  isDone: (to: string, minute: string) => Promise<boolean>,
): Promise<Need | undefined> {
  const { store, received } = facts;
  for await (const page of store.pages(stream, { from: first.revision, size: PAGE })) {
    for (const { event } of page) {
      if (event === undefined || event.type.startsWith("$")) continue;
      const { revision: from } = event;
      if (from >= end) return undefined;
      const { [HEADER.destination]: to, [HEADER.later]: minute, [HEADER.intent]: intent } = metadataOf(event);
      if (typeof to !== "string" || to === "")
        return { from, because: `${event.type} is published: views and later subscriptions read it from the start.` };
      // A reply goes to whoever asked, and nobody reads it later.
      if (!received.has(to) && intent !== "Reply")
        return { from, because: `${event.type} is for ${to}, which is not deployed and gets it when it is.` };
      if (typeof minute === "string" && minute !== "" && !(await isDone(to, minute)))
        return { from, because: `${event.type} was deferred, and it is not known to be done.` };
      destinations.add(to);
    }
  }
  return undefined;
}

/**
 * Whether what an outbox has deferred to a minute is done with as far as its receiver's schedule goes: the minute is finished, all that
 * the router has linked to it was heard of, what became due was linked into the queue, and `$by_category` has followed.
 */
function deferredDone(
  { store, linkedUpTo }: ServerFacts,
  component: string,
  generation: number,
): (to: string, minute: string) => Promise<boolean> {
  const lastPlace = async (stream: string): Promise<bigint> => {
    const [last] = await store.read(stream, { direction: "backwards", limit: 1 });
    return last?.event === undefined ? -1n : (last.event.position ?? linkedUpTo + 1n);
  };
  const progressOf = remembered(async (to: string) => {
    const cursor = await readCursor(store, to);
    if (cursor === undefined || (await lastPlace(deferredStream(to))) > linkedUpTo) return undefined;
    const [heard] = cursor.heard < 0n ? [] : await store.read(laterQueueStream(to), { from: cursor.heard, limit: 1 });
    const place = heard?.event?.revision === cursor.heard ? sourcePlaceOf(heard.event) : undefined;
    return { finished: cursor.finished, heardUpTo: place ?? -1n };
  });
  const lastLinked = remembered(lastPlace);
  return async (to, text) => {
    const minute = minuteFrom(text);
    const progress = await progressOf(to);
    if (minute === undefined || progress === undefined || minute > progress.finished) return false;
    for (let n = 1; n <= generation; n += 1) {
      const place = await lastLinked(routedLaterStream(to, text, component, n));
      if (place > progress.heardUpTo || place > linkedUpTo) return false;
    }
    return true;
  };
}

function remembered<Answer>(ask: (name: string) => Promise<Answer>): (name: string) => Promise<Answer> {
  const known = new Map<string, Promise<Answer>>();
  return (name) => {
    const answer = known.get(name) ?? ask(name);
    known.set(name, answer);
    return answer;
  };
}
