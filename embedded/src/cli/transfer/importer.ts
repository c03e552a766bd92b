import type { Connection } from "../../client/connection.ts";
import { AppendCall, type AppendedEvent } from "./append-call.ts";
import type { FileReader } from "./file-reader.ts";
import { readStampText, withStamp } from "./stamp-text.ts";
import { type GroupReport, TargetGroups } from "./target-groups.ts";
import { isOrdinary, TargetLog } from "./target-log.ts";
import { TargetPlaces } from "./target-places.ts";
import { TargetProjections } from "./target-projections.ts";
import { tombstone } from "./tombstone.ts";
import { ForeignTargetError, ImportFailedError } from "./transfer-errors.ts";
import { bytesOf, type EventLine, type LeftOut, type TombstoneLine } from "./transfer-file.ts";

/** What an import did. */
export interface ImportReport {
  readonly streams: number;
  readonly events: number;
  readonly tombstones: number;
  /** Of the events and tombstones, how many an earlier import had brought. */
  readonly wereThere: number;
  readonly projections: readonly string[];
  /** Projections that do not run on the target, with the reason. */
  readonly faulted: Readonly<Record<string, string>>;
  /** Projections whose query speaks of log positions, which were replaced. */
  readonly queriesMapped: readonly string[];
  readonly indexesStarted: readonly string[];
  readonly groups: readonly GroupReport[];
  readonly renumbered: Readonly<Record<string, number>>;
  readonly leftOut: readonly LeftOut[];
}

export type ImportStage = "comparing" | "importing" | "verifying" | "waiting for the index";

/** A server takes 1 MiB of data in one append (spec 1.6). */
const MAX_APPEND_BYTES = 1024 * 1024;
const MAX_APPEND_EVENTS = 500;

/**
 * Brings an export to a server.
 *
 * Everything is done in an order in which it can be interrupted: projections are made and stand still; events come in the order of
 * the source's log; then groups, each with its checkpoint; at last the projections start, behind the output that they find. Again
 * from the beginning, it finds what is there and goes on.
 */
export class Importer {
  readonly #connection: Connection;
  readonly #file: FileReader;
  readonly #signal: AbortSignal;
  readonly #onProgress: (stage: ImportStage, done: number) => void;
  readonly #projections: TargetProjections;
  readonly #places: TargetPlaces;
  /** Ordinary lines that the target had. */
  #matched = 0;

  constructor(
    connection: Connection,
    file: FileReader,
    onProgress: (stage: ImportStage, done: number) => void,
    signal: AbortSignal,
  ) {
    this.#connection = connection;
    this.#file = file;
    this.#signal = signal;
    this.#onProgress = onProgress;
    this.#projections = new TargetProjections(connection, file.header, signal);
    this.#places = new TargetPlaces(file.header.needsPositions);
  }

  /** @throws ForeignTargetError, ImportFailedError */
  async run(): Promise<ImportReport> {
    const { header, end } = this.#file;
    await this.#projections.learnIds();
    await this.#compare();
    const indexesStarted = await this.#projections.prepare();
    await this.#append();
    await this.#verify();
    const queriesMapped = await this.#projections.rewrite((from) => this.#places.upTo(from - 1) + 1);
    const groups: GroupReport[] = [];
    const target = new TargetGroups(this.#connection, this.#signal);
    for (const group of end.groups) {
      groups.push(
        await target.make(group, {
          upTo: (mark) => this.#places.upTo(mark),
          waiting: (stream) => this.#waitFor(stream),
        }),
      );
    }
    const faulted = await this.#projections.start();
    return {
      streams: end.streams,
      events: end.events,
      tombstones: end.tombstones,
      wereThere: this.#matched,
      projections: header.projections.map(({ name }) => name),
      faulted: Object.fromEntries(faulted),
      queriesMapped,
      indexesStarted,
      groups,
      renumbered: end.renumbered,
      leftOut: end.leftOut,
    };
  }

  /** Reads what the target holds, and requires that it is the beginning of the file; nothing is written before that is sure. */
  async #compare(): Promise<void> {
    const log = new TargetLog(this.#connection);
    try {
      for await (const line of this.#file.lines()) {
        this.#signal.throwIfAborted();
        if ("mark" in line) {
          if (this.#matched > 0) this.#places.mark(line);
          continue;
        }
        if (!isOrdinary(line)) continue;
        const record = await log.match(line);
        if (record === undefined) return;
        this.#matched++;
        this.#places.note(line.position, record.position);
        this.#onProgress("comparing", this.#matched);
      }
      // What the imported projections have written since an import that was interrupted at its end.
      for (let more = await log.next(); more !== undefined; more = await log.next()) {
        const stamp = readStampText(Buffer.from(more.metadata).toString("utf8"));
        if (stamp !== undefined && this.#projections.isOwn(stamp.projection)) continue;
        const isMetadata = more.stream.startsWith("$");
        if (!isMetadata)
          throw new ForeignTargetError(`event ${more.revision} of stream ${more.stream}, behind all that is in it`);
      }
    } finally {
      await log.close();
    }
  }

  async #append(): Promise<void> {
    const call = new AppendCall(this.#connection);
    let ordinary = 0;
    let done = 0;
    let run: EventLine[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      const [first] = run;
      const last = run.at(-1);
      if (first === undefined || last === undefined) return;
      const events = run.map((line) => this.#eventOf(line));
      const count = run.length;
      run = [];
      bytes = 0;
      await call.append(first.stream, first.revision - 1, events, (position) => {
        this.#places.note(last.position, position);
        this.#onProgress("importing", (done += count));
      });
      // What comes next may be stamped with where this came to lie.
      if (this.#file.header.needsPositions) await call.settled();
    };
    try {
      for await (const line of this.#file.lines()) {
        this.#signal.throwIfAborted();
        if ("mark" in line) {
          await flush();
          await call.settled();
          this.#places.mark(line);
          continue;
        }
        if (isOrdinary(line) && ordinary++ < this.#matched) continue;
        if ("tombstone" in line) {
          await flush();
          await call.settled();
          this.#places.note(line.position, await tombstone(this.#connection, line.tombstone));
          continue;
        }
        const size = bytesOf(line.data).length;
        const isFull = bytes + size > MAX_APPEND_BYTES || run.length >= MAX_APPEND_EVENTS;
        if (isFull || this.#file.header.needsPositions || run[0]?.stream !== line.stream) await flush();
        run.push(line);
        bytes += size;
      }
      await flush();
      await call.settled();
    } finally {
      call.close();
    }
  }

  /** Reads everything back and compares it byte for byte. */
  async #verify(): Promise<void> {
    const log = new TargetLog(this.#connection);
    let done = 0;
    try {
      for await (const line of this.#file.lines()) {
        this.#signal.throwIfAborted();
        if ("mark" in line || !isOrdinary(line)) continue;
        const record = await log.match(line);
        if (record === undefined) throw missing(line);
        if (!("tombstone" in line)) {
          const event = this.#eventOf(line);
          const isSame =
            record.type === event.type &&
            record.isJson === event.isJson &&
            event.metadata.equals(record.metadata) &&
            event.data.equals(record.data);
          if (!isSame) throw missing(line);
        }
        this.#onProgress("verifying", ++done);
      }
    } finally {
      await log.close();
    }
  }

  #eventOf({ id, type, isJson, data, metadata }: EventLine): AppendedEvent & {
    readonly data: Buffer;
    readonly metadata: Buffer;
  } {
    return { id, type, isJson, data: bytesOf(data), metadata: this.#stamped(bytesOf(metadata)) };
  }

  /** Metadata that a projection stamped get the target's number of it, and the target's places in the log. */
  #stamped(metadata: Buffer): Buffer {
    const text = metadata.toString("utf8");
    const stamp = readStampText(text);
    const id = stamp && this.#projections.idOf(stamp.projection);
    if (id === undefined) return metadata;
    return Buffer.from(withStamp(text, { projection: () => id, position: (source) => this.#places.of(source) }));
  }

  async #waitFor(stream: string): Promise<void> {
    this.#signal.throwIfAborted();
    this.#onProgress("waiting for the index", 0);
    const index = INDEXES.find(([prefix]) => stream.startsWith(prefix))?.[1] ?? "$streams";
    const fault = await this.#projections.faultOf(index);
    if (fault === undefined) return;
    throw new ImportFailedError(
      `${stream} is made by the projection ${index}, which does not run on the target (${fault}). Start it, and import again.`,
    );
  }
}

const INDEXES = [
  ["$ce-", "$by_category"],
  ["$et", "$by_event_type"],
  ["$bc-", "$by_correlation_id"],
  ["$category-", "$stream_by_category"],
] as const;

function missing(line: EventLine | TombstoneLine): ImportFailedError {
  const what = "tombstone" in line ? `the end of stream ${line.tombstone}` : `event ${line.revision} of ${line.stream}`;
  return new ImportFailedError(`The target does not show ${what} as it was imported. Import again, into a new server.`);
}
