import { placeIn } from "../store/place.ts";

/** Somebody needs a stream from a revision on. */
export interface Need {
  readonly from: bigint;
  /** Who, and what for: a sentence. */
  readonly because: string;
}

/** What of a stream nobody needs any more, and why the rest stays. */
export interface StreamTruncation {
  readonly component: string;
  readonly stream: string;
  /** Revisions of the first and the last event that are there. */
  readonly first: bigint;
  readonly last: bigint;
  /** Nobody needs what is before this revision; where that is `first`, nothing may go. */
  readonly before: bigint;
  /** Why the event at `before` stays. */
  readonly because: string;
}

/**
 * Decides what may go: what is before all that anybody needs, and never the last event, since a projection whose stream looks empty
 * takes it for a new one (spec 3.6). Pure.
 */
export function truncationOf(
  component: string,
  stream: string,
  { first, last }: { readonly first: bigint; readonly last: bigint },
  needs: readonly Need[],
): StreamTruncation {
  let { from: before, because }: Need = { from: last, because: "It is the last one." };
  for (const need of needs) if (need.from < before) ({ from: before, because } = need);
  return { component, stream, first, last, before: before < first ? first : before, because };
}

/** Up to where a server's projection has a checkpoint in the log, -1n for none: `C:17/P:17`. Pure. */
export const logCheckpointOf = (text: string): bigint => BigInt(/^C:(\d+)\//.exec(text)?.[1] ?? -1);

/** Up to which event of its one source a projection has a checkpoint, -1n for none: `intermediate.sales: 17`. Pure. */
export const streamCheckpointOf = (text: string): bigint => BigInt(/: (-?\d+)$/.exec(text)?.[1] ?? -1);

/** The earliest revision of each stream that somebody needs. */
export class EarliestPlaces {
  readonly #places = new Map<string, bigint>();

  add(text: string): void {
    const place = placeIn(text);
    if (place === undefined) return;
    const { revision, stream } = place;
    const known = this.#places.get(stream);
    if (known === undefined || revision < known) this.#places.set(stream, revision);
  }

  in(stream: string): bigint | undefined {
    return this.#places.get(stream);
  }
}
