import { TOMBSTONE_REVISION_TEXT } from "../../log/record.ts";
import type { ReadRecord } from "./log-reading.ts";
import { Numbering } from "./numbering.ts";

interface MovedStream {
  readonly numbering: Numbering;
  /** Where its first event that moves lies. */
  readonly first: number;
}

interface IndexStream {
  readonly numbering: Numbering;
  next: number;
  epoch: string;
}

/** A link that leads nowhere and never will, whatever is written to the stream later. */
const nowhere = (stream: string): string => `${TOMBSTONE_REVISION_TEXT}@${stream}`;

/**
 * Which revision everything has on the target, learned while the log passes by.
 *
 * A stream's events keep their order and lose what lies before and between them. The target's system projections make their
 * streams from what moves, by the same rules in the same order: so an entry of `$ce-…` has its place there, if the record that it
 * stands for moves.
 */
export class Renumbering {
  readonly #moved = new Map<string, MovedStream>();
  readonly #indexes = new Map<string, IndexStream>();

  /** The next event of a stream moves; answers its revision on the target. */
  move({ stream, revision, position }: ReadRecord): number {
    let moved = this.#moved.get(stream);
    if (moved === undefined) {
      moved = { numbering: new Numbering(), first: position };
      this.#moved.set(stream, moved);
    }
    return moved.numbering.take(revision);
  }

  /** A stream is ended for ever, perhaps without ever having had an event. */
  tombstone({ stream, position }: ReadRecord): void {
    if (!this.#moved.has(stream)) this.#moved.set(stream, { numbering: new Numbering(), first: position });
  }

  /** The next entry of a followed index; whether the target will have it, too. */
  index(entry: ReadRecord): boolean {
    const { epoch, home, position } = entryOf(entry);
    let index = this.#indexes.get(entry.stream);
    if (index === undefined) {
      index = { numbering: new Numbering(), next: 0, epoch };
      this.#indexes.set(entry.stream, index);
    }
    // After a reset an index begins anew, and what it had is hidden.
    if (index.epoch !== epoch) index.numbering.restart(entry.revision);
    else if (index.next !== entry.revision) index.numbering.jump(entry.revision);
    index.epoch = epoch;
    index.next = entry.revision + 1;
    const first = this.#moved.get(home)?.first ?? Infinity;
    const isThere = position >= first;
    if (isThere) index.numbering.take(entry.revision);
    else index.numbering.skip(entry.revision);
    return isThere;
  }

  /** The last revision on the target of what has revisions up to `revision` here; the same for streams that nothing is known of. */
  upTo(stream: string, revision: number): number {
    return this.#of(stream)?.upTo(revision) ?? revision;
  }

  /** The text of a link, `N@stream`, for the target. */
  link(text: string): string {
    const [, number, stream] = /^\s*\+?(\d+)\s*@(.*)$/s.exec(text) ?? [];
    if (number === undefined || stream === undefined || number === TOMBSTONE_REVISION_TEXT) return text;
    const numbering = this.#of(stream);
    const target = numbering?.exactly(Number(number));
    if (target === undefined) return nowhere(stream);
    return target === Number(number) ? text : `${target}@${stream}`;
  }

  /** Streams that move, those of metadata not counted. */
  get streams(): number {
    return this.#ordinary.length;
  }

  /** Streams that are numbered lower, and by how much. */
  get lowered(): Readonly<Record<string, number>> {
    const all = this.#ordinary.map(([stream, { numbering }]) => [stream, numbering.lowered] as const);
    return Object.fromEntries(all.filter(([, by]) => by > 0));
  }

  get #ordinary() {
    return [...this.#moved].filter(([stream]) => !stream.startsWith("$$"));
  }

  #of(stream: string): Numbering | undefined {
    return (this.#moved.get(stream) ?? this.#indexes.get(stream))?.numbering;
  }
}

/** What an index entry stands for: the stream in which the record lies, and where in the log (spec 3.12). */
function entryOf({ metadata, data }: ReadRecord): {
  readonly epoch: string;
  readonly home: string;
  readonly position: number;
} {
  const target = Buffer.from(data)
    .toString("utf8")
    .replace(/^[^@]*@/, "");
  try {
    const members = JSON.parse(Buffer.from(metadata).toString("utf8")) as Readonly<Record<string, unknown>>;
    const { $v, $c, $o, $deleted } = members;
    // The deletion of a stream lies in its metadata, or is its tombstone: the entry leads there.
    const home = typeof $o === "string" && $deleted === undefined ? $o : target;
    return { epoch: String($v).split(":")[1] ?? "", home, position: Number($c) };
  } catch {
    return { epoch: "", home: target, position: -1 };
  }
}
