import { replaceDocument } from "../deploy/deploy-acls.ts";
import { observe, type ObservedComponent } from "../deploy/observe.ts";
import {
  EarliestPlaces,
  logCheckpointOf,
  type Need,
  type StreamTruncation,
  truncationOf,
} from "../deploy/truncation.ts";
import { parkedPlaces } from "../recoverability/parked-places.ts";
import { AccessRefused } from "../store/access-refused.ts";
import type { Store } from "../store/store.ts";
import {
  directPublishedStream,
  directStream,
  intermediateStream,
  laterQueueStream,
  publishedStream,
  queueStream,
  subscriptionsStream,
} from "../topology/stream-names.ts";
import {
  extentOf,
  type Extent,
  linkingNeeds,
  type Margin,
  marginNeeds,
  outboxNeeds,
  placeNeeds,
  type ServerFacts,
  sourcePlaceOf,
} from "./truncation-needs.ts";

const PAGE = 500;
const MARGIN: Margin = { events: 10_000, age: 86_400_000 };

/**
 * Says what of the streams of components nobody needs any more: no receiver, router, filter, view, repair, nor a component that is
 * deployed later. What is not known to be over stays. Changes nothing.
 * @param margin what stays in any case; default: 10 000 events, and those of a day.
 * @throws ServerUnreachable, AccessRefused: it takes a member of `$admins`
 */
export async function surveyTruncations(
  store: Store,
  now: () => number,
  margin: Margin = MARGIN,
): Promise<readonly StreamTruncation[]> {
  const { components, statuses, seesGroups } = await observe(store, []);
  if (statuses === undefined || !seesGroups) throw new AccessRefused(store.address, {});
  // Read first: what it has linked by then is in the queues when these are looked at.
  const linkedUpTo = logCheckpointOf((await store.projections.find("$by_category"))?.checkpoint ?? "");
  const waiting = new EarliestPlaces();
  const parked = new EarliestPlaces();
  const since = new Map<string, number>();
  for (const component of components) {
    const oldest = await addWaiting(store, component, waiting);
    if (oldest !== undefined) since.set(component.name, oldest);
    for (const place of await parkedPlaces(store, component.name)) parked.add(place);
  }
  const facts: ServerFacts = {
    store,
    linkedUpTo,
    waiting,
    parked,
    received: new Set(components.flatMap(({ name, group }) => (group === undefined ? [] : [name]))),
    margin,
    now: now(),
  };
  const names = components.map(({ name }) => name);
  const found: StreamTruncation[] = [];
  for (const component of components) {
    const all = await ofComponent(facts, component, names, since.get(component.name));
    found.push(...all.filter((one) => one !== undefined));
  }
  return found;
}

/** The last message in the queue of a component that it is known to have settled, with all before it; -1n for none. */
const settledIn = ({ group, deployed }: Pick<ObservedComponent, "group" | "deployed">): bigint =>
  group?.checkpoint ?? BigInt(deployed?.settled ?? -1);

/** Notes what nobody has settled. @returns when the oldest of it came. */
async function addWaiting(
  store: Pick<Store, "pages">,
  { name, group, deployed }: ObservedComponent,
  waiting: EarliestPlaces,
): Promise<number | undefined> {
  let oldest: number | undefined;
  for await (const page of store.pages(queueStream(name), { from: settledIn({ group, deployed }) + 1n, size: PAGE })) {
    for (const { event } of page) {
      if (event === undefined) continue;
      oldest ??= event.created.getTime();
      waiting.add(Buffer.from(event.data).toString("utf8"));
    }
  }
  return oldest;
}

async function ofComponent(
  facts: ServerFacts,
  component: ObservedComponent,
  names: readonly string[],
  since: number | undefined,
): Promise<readonly (StreamTruncation | undefined)[]> {
  const { name, deployed } = component;
  const of = async (
    stream: string,
    needsOf: (extent: Extent) => Promise<readonly Need[]>,
  ): Promise<StreamTruncation | undefined> => {
    const extent = await extentOf(facts.store, stream);
    if (extent === undefined) return undefined;
    const range = { first: extent.first.revision, last: extent.last.revision };
    return truncationOf(name, stream, range, await needsOf(extent));
  };
  const kept = (stream: string, because: string): Promise<StreamTruncation | undefined> =>
    of(stream, async ({ first }) => [{ from: first.revision, because }]);
  const sent = async (extent: Extent): Promise<readonly Need[]> => [
    ...placeNeeds(facts, extent.stream),
    ...(await marginNeeds(facts, extent, since)),
  ];
  const { generation: filter = 1 } = deployed?.filter ?? {};
  return [
    await of(queueStream(name), (extent) => queueNeeds(facts, component, extent)),
    await of(intermediateStream(name), async (extent) => {
      const needs = await sent(extent);
      const until = truncationOf(name, extent.stream, rangeOf(extent), needs).before;
      const none = { generator: 0, backfills: [], routers: {} };
      return [...needs, ...(await outboxNeeds(facts, name, deployed ?? none, extent, until))];
    }),
    ...(await Promise.all(
      names.map((other) =>
        of(directStream(other, name), async (extent) => [
          ...(await sent(extent)),
          ...(await linkingNeeds(facts, extent, ({ position }) => position)),
        ]),
      ),
    )),
    await kept(
      directPublishedStream(name),
      "Published events are the history that views and later subscriptions begin with.",
    ),
    await kept(publishedStream(name), "A repair of its router reads it back, and it holds links alone."),
    await kept(
      subscriptionsStream(name, filter),
      "A repair of its filter reads back to the last link of each subscription.",
    ),
    await kept(laterQueueStream(name), "Its instances read it back to what they have noted, and it holds links alone."),
  ];
}

const rangeOf = ({ first, last }: Extent) => ({ first: first.revision, last: last.revision });

async function queueNeeds(
  facts: ServerFacts,
  { name, group, deployed }: ObservedComponent,
  extent: Extent,
): Promise<readonly Need[]> {
  const { events } = facts.margin;
  return [
    {
      from: settledIn({ group, deployed }) + 1n,
      because: `Nobody has settled it, as far as the group ${name} has recorded that.`,
    },
    {
      from: extent.last.revision - BigInt(events) + 1n,
      because: `The last ${events} stay: replies are looked for among them.`,
    },
    ...placeNeeds(facts, extent.stream),
    ...(await linkingNeeds(facts, extent, sourcePlaceOf)),
  ];
}

/**
 * Truncates streams as it was found that they may be; what else stands in their metadata stays. Repeatable, and safe to stop anywhere.
 * @param done told after each stream.
 */
export async function truncate(
  store: Pick<Store, "append" | "read">,
  truncations: readonly StreamTruncation[],
  newId: () => string,
  { signal, done }: { readonly signal?: AbortSignal | undefined; readonly done: (one: StreamTruncation) => void },
): Promise<void> {
  for (const one of truncations) {
    if (one.before <= one.first) continue;
    signal?.throwIfAborted();
    await replaceDocument(store, newId, `$$${one.stream}`, "$metadata", (document) => {
      const there = document?.["$tb"];
      const isFurther = (typeof there === "number" || typeof there === "bigint") && BigInt(there) >= one.before;
      return isFurther ? undefined : { ...document, $tb: Number(one.before) };
    });
    done(one);
  }
}
