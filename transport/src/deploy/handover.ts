import { baseTypesIn } from "../messages/headers.ts";
import { metadataOf, type ResolvedEvent, type StoredEvent } from "../store/event.ts";
import type { Subscriptions } from "../topology/filter.ts";
import { matches, type Pattern } from "../topology/pattern.ts";
import { type RouterKind, routeOf, routerSource } from "../topology/router.ts";
import { PUBLISHED } from "../topology/stream-names.ts";
import type { DeployHost } from "./host.ts";

const PAGE = 500;
/**
 * Events between the first that a router has not linked and the last that it has, at most, with room to spare: with 5 000 pending it
 * reads no further (spec 3.4), and it writes to each of its streams in order.
 */
const WINDOW = 20_000;

/**
 * Where the next generation of a filter has to begin so that nothing is lost and nothing comes twice: each subscription behind the
 * last event that was linked for it.
 * @param isIntact its text was as generated to the end; then it has linked all up to its last link, whatever that was for.
 */
export async function continueFilter(
  host: Pick<DeployHost, "read">,
  stream: string,
  subscriptions: Subscriptions,
  isIntact: boolean,
): Promise<Subscriptions> {
  const last = new Map<Pattern, number>();
  for await (const { number, event } of linksBackwards(host, stream, PUBLISHED)) {
    for (const pattern of subscriptions.keys()) {
      if (last.has(pattern)) continue;
      if (isIntact || (event !== undefined && matches(pattern, event.type, baseTypesIn(metadataOf(event)) ?? [])))
        last.set(pattern, number);
    }
    if (last.size === subscriptions.size) break;
  }
  const positions = new Map<number, number>();
  for (const number of new Set(last.values())) positions.set(number, await positionOf(host, number));
  return new Map(
    [...subscriptions].map(([pattern, since]) => {
      const number = last.get(pattern);
      return [pattern, number === undefined ? since : Math.max(since, (positions.get(number) ?? -1) + 1)];
    }),
  );
}

/**
 * Where the next generation of a router has to begin: at the first event that the one before has not linked. What that one had
 * linked beyond it, to other streams, is linked again, and receivers drop it by its id.
 * @param since where the one before began.
 */
export async function continueRouter(
  host: Pick<DeployHost, "read">,
  { kind, owner, generation, since }: RouterToContinue,
): Promise<number> {
  const source = routerSource(kind, owner);
  const lastIn = new Map<string, number>();
  let begin: number | undefined;
  let behindNewest: number | undefined;
  let highest = -1;
  for await (const { event, link } of eventsBackwards(host, source, kind === "category router")) {
    const number = Number((link ?? event)?.revision);
    const place = link === undefined ? number : (numberFrom(metadataOf(link), "$c") ?? -1);
    behindNewest ??= place + 1;
    if (place < since || number < highest - WINDOW) break;
    const target = event && routeOf(owner, generation, event.type, metadataOf(event));
    if (target === undefined) continue;
    const last = lastIn.get(target) ?? (await lastLinked(host, target, source));
    lastIn.set(target, last);
    if (number > last) begin = place;
    else highest = Math.max(highest, last);
  }
  return Math.max(since, begin ?? behindNewest ?? since);
}

export interface RouterToContinue {
  readonly kind: RouterKind;
  readonly owner: string;
  readonly generation: number;
  readonly since: number;
}

/** The number in `source` of the last event that a projection has linked into `stream`; -1 for none. */
async function lastLinked(host: Pick<DeployHost, "read">, stream: string, source: string): Promise<number> {
  for await (const { number } of linksBackwards(host, stream, source)) return number;
  return -1;
}

/** A link that a projection made while it read `source`, and the original. */
interface ProjectedLink {
  /** Number in `source` of the event it was made for. */
  readonly number: number;
  readonly event: StoredEvent | undefined;
}

/** The links of a stream, the last one first. What others wrote into it, which is what faults a projection, is passed over. */
async function* linksBackwards(
  host: Pick<DeployHost, "read">,
  stream: string,
  source: string,
): AsyncGenerator<ProjectedLink, void> {
  for await (const { event, link } of eventsBackwards(host, stream, true)) {
    const number = link && numberFrom(metadataOf(link).$s, source);
    if (number !== undefined) yield { number, event };
  }
}

async function* eventsBackwards(
  host: Pick<DeployHost, "read">,
  stream: string,
  followsLinks: boolean,
): AsyncGenerator<ResolvedEvent, void> {
  for (let from: bigint | "end" = "end"; ;) {
    const page: readonly ResolvedEvent[] = await host.read(stream, {
      from,
      direction: "backwards",
      limit: PAGE,
      followsLinks,
    });
    yield* page;
    const oldest = page.at(-1);
    const revision = (oldest?.link ?? oldest?.event)?.revision;
    if (page.length < PAGE || revision === undefined || revision === 0n) return;
    from = revision - 1n;
  }
}

/** Log position of a published event as filters see it; -1 where it is not there any more: then rather repeat than lose. */
async function positionOf(host: Pick<DeployHost, "read">, number: number): Promise<number> {
  const [published] = await host.read(PUBLISHED, { from: BigInt(number), limit: 1 });
  const isThat = published?.event?.revision === BigInt(number);
  return (isThat ? numberFrom(metadataOf(published.event), "$c") : undefined) ?? -1;
}

function numberFrom(record: unknown, name: string): number | undefined {
  const value: unknown = Object(record)[name];
  return typeof value === "number" ? value : undefined;
}
