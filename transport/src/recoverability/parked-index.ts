import type { Store } from "../store/store.ts";
import { parkedStream } from "../topology/stream-names.ts";
import { type ParkedEntry, parkedEntryOf } from "./parked-entry.ts";

/** What is remembered of a parked message: little, so that a hundred thousand of them take some 20 MB. */
export type ParkedSummary = Pick<ParkedEntry, "id" | "revision" | "failureGroup" | "firstFailedAt" | "lastFailedAt">;

const PAGE = 500;

/** The parked stream of a component, of which each link is read through once, and then again only where it is shown or acted on. */
export class ParkedIndex {
  readonly #store: Pick<Store, "read" | "pages">;
  readonly #stream: string;
  /** One text for all messages of a group. */
  readonly #groups = new Map<string, string>();
  #summaries: ParkedSummary[] = [];
  #next = 0n;

  constructor(store: Pick<Store, "read" | "pages">, component: string) {
    this.#store = store;
    this.#stream = parkedStream(component);
  }

  /** All that is in the stream now, the oldest first. @throws ServerUnreachable, AccessRefused */
  async all(): Promise<readonly ParkedSummary[]> {
    const [first] = await this.#store.read(this.#stream, { limit: 1 });
    const oldest = first?.event?.revision;
    // What the server has sent back by itself is truncated.
    this.#summaries = oldest === undefined ? [] : this.#summaries.filter(({ revision }) => revision >= oldest);
    if (oldest === undefined) return [];
    for await (const page of this.#store.pages(this.#stream, { from: this.#next, size: PAGE })) {
      for (const { event } of page) {
        if (event === undefined) continue;
        this.#next = event.revision + 1n;
        if (event.type === "$>") this.#summaries.push(this.#summaryOf(parkedEntryOf(event)));
      }
    }
    return this.#summaries;
  }

  /** What stands in the stream of each of these; what is no longer there is left out. */
  async entriesOf(summaries: readonly ParkedSummary[]): Promise<readonly ParkedEntry[]> {
    const entries: ParkedEntry[] = [];
    for (const { from, length } of runsOf(summaries)) {
      for (const { event } of await this.#store.read(this.#stream, { from, limit: length })) {
        const isMeant = event?.type === "$>" && event.revision < from + BigInt(length);
        if (isMeant) entries.push(parkedEntryOf(event));
      }
    }
    return entries;
  }

  #summaryOf({ id, revision, failureGroup: said, firstFailedAt, lastFailedAt }: ParkedEntry): ParkedSummary {
    const failureGroup = this.#groups.get(said) ?? said;
    this.#groups.set(failureGroup, failureGroup);
    return { id, revision, failureGroup, firstFailedAt, lastFailedAt };
  }
}

/** What stands side by side is read at once. */
function runsOf(summaries: readonly ParkedSummary[]): readonly { readonly from: bigint; readonly length: number }[] {
  const runs: { from: bigint; length: number }[] = [];
  for (const { revision } of summaries) {
    const run = runs.at(-1);
    if (run !== undefined && run.length < PAGE && run.from + BigInt(run.length) === revision) run.length += 1;
    else runs.push({ from: revision, length: 1 });
  }
  return runs;
}
