import { parseStreamMetadata } from "../../streams/stream-metadata.ts";
import { parkedStream } from "../../persistent/bookkeeping-streams.ts";
import { nameOf } from "../../persistent/group-config.ts";
import { keyOf, streamOf } from "../../persistent/group-target.ts";
import { LINK_TYPE } from "../../streams/link.ts";
import { TOMBSTONE_REVISION } from "../../log/record.ts";
import type { Connection } from "../../client/connection.ts";
import { type DefinedGroup, type DefinedProjection, definitionsOn, groupsOn } from "./definitions.ts";
import { type ReadRecord, readLog } from "./log-reading.ts";
import { comparesOtherwise, positionsIn } from "./query-positions.ts";
import { Renumbering } from "./renumbering.ts";
import { readStampText, withStamp } from "./stamp-text.ts";
import { streamKind } from "./stream-kind.ts";
import {
  FILE_VERSION,
  type FileEnd,
  type FileHeader,
  type FileLine,
  type LeftOut,
  type MovedGroup,
  textOrBase64,
} from "./transfer-file.ts";

const TICKS_A_MILLISECOND = 10_000;
/** Indexes that projections read by their own names: few, and each entry of them is followed. */
const READ_BY_NAME = /^\$(?:ce|et)-/;
const DELETES = /"\$tb"\s*:\s*9223372036854775807/;

/** What a stream's metadata says, as far as it decides what moves. */
interface LastMetadata {
  readonly revision: number;
  /** Milliseconds after which its events are gone. */
  readonly maxAge: number | undefined;
  /** It hides events of its stream. */
  readonly isLimit: boolean;
}

/** An export that has begun: what is asked of the source at its start is here, the log is read by {@link Exporter.lines}. */
export class Exporter {
  readonly header: FileHeader;
  readonly #connection: Connection;
  readonly #groups: readonly DefinedGroup[];
  readonly #projections: readonly DefinedProjection[];
  readonly #metadata: ReadonlyMap<string, LastMetadata>;
  readonly #kept: readonly string[];
  readonly #ids: ReadonlySet<number>;
  readonly #parked: ReadonlySet<string>;
  /** Streams that projections read by name. */
  readonly #read: ReadonlySet<string>;
  readonly #now: number;
  readonly #renumbering = new Renumbering();
  /** Index streams that groups read, by how far those have come; and what the target will have lying there. */
  readonly #places: Map<string, { checkpoint: number; link: string; revision: number }[]>;
  readonly #found = new Set<string>();
  #events = 0;
  #tombstones = 0;

  private constructor(
    connection: Connection,
    now: Date,
    upTo: number,
    groups: readonly DefinedGroup[],
    { projections, indexes }: Awaited<ReturnType<typeof definitionsOn>>,
    metadata: ReadonlyMap<string, LastMetadata>,
  ) {
    const movable = projections.filter(({ isMovable }) => isMovable);
    this.#connection = connection;
    this.#now = now.getTime();
    this.#groups = groups;
    this.#projections = projections;
    this.#metadata = metadata;
    this.#kept = movable.map(({ moved: { name } }) => `$projections-${name}-`);
    this.#ids = new Set(movable.map(({ moved: { id } }) => id));
    this.#parked = new Set(groups.map(({ config }) => parkedStream(nameOf(config))));
    this.#read = new Set(movable.flatMap(({ reads }) => reads));
    this.#places = new Map();
    for (const { config, checkpoint } of groups) {
      const stream = streamOf(config.target);
      if (checkpoint === undefined || this.#kindOf(stream) !== "index") continue;
      const places = this.#places.get(stream) ?? [];
      this.#places.set(stream, [...places, { checkpoint, link: "", revision: -1 }]);
    }
    this.header = {
      format: "sluice-export",
      version: FILE_VERSION,
      exportedAt: now.toISOString(),
      upTo,
      projections: movable.map(({ moved }) => moved),
      indexes,
      needsPositions: movable.some(({ readsAll, moved: { emitEnabled } }) => readsAll && emitEnabled),
    };
  }

  /** Asks the source for all but its log. What groups have handled is asked first, so that it lies within the log that is read. */
  static async of(connection: Connection, now: Date): Promise<Exporter> {
    const groups = await groupsOn(connection);
    const definitions = await definitionsOn(connection);
    let upTo = -1;
    for await (const { position } of readLog(connection, { direction: "backwards", count: 1 })) upTo = position;
    const metadata = new Map<string, LastMetadata>();
    for await (const record of readLog(connection, { streams: { prefix: "$$" } })) {
      if (record.position > upTo) break;
      if (record.revision === TOMBSTONE_REVISION) continue;
      const { maxAge, maxCount, truncateBefore } = parseStreamMetadata(record);
      const isLimit = maxAge !== undefined || maxCount !== undefined || truncateBefore !== undefined;
      metadata.set(record.stream, { revision: record.revision, maxAge, isLimit });
    }
    return new Exporter(connection, now, upTo, groups, definitions, metadata);
  }

  /** What lies between the first and the last line of the file. */
  async *lines(): AsyncGenerator<FileLine> {
    const marks = this.#marks();
    for await (const record of readLog(this.#connection)) {
      if (record.position > this.header.upTo) break;
      while (marks[0] !== undefined && marks[0] < record.position) yield { mark: marks.shift() ?? 0 };
      const line = this.#lineOf(record);
      if (line !== undefined) yield line;
    }
    for (const mark of marks) yield { mark };
  }

  /** To be asked once the lines are through. */
  end(): Omit<FileEnd, "sha256"> {
    return {
      end: true,
      streams: this.#renumbering.streams,
      events: this.#events,
      tombstones: this.#tombstones,
      groups: this.#groups.map((group) => this.#movedGroup(group)),
      renumbered: this.#renumbering.lowered,
      leftOut: this.#leftOut(),
    };
  }

  /** Places in the log that have to be told on the target: of groups on `$all` and in queries. Each means "all up to here". */
  #marks(): number[] {
    const groups = this.#groups.flatMap(({ config, checkpoint }) => {
      if (config.target.kind !== "all") return [];
      return checkpoint ?? (typeof config.start === "number" ? config.start - 1 : []);
    });
    const queries = this.header.projections.flatMap(({ query }) => positionsIn(query).map((from) => from - 1));
    return [...new Set([...groups, ...queries])].toSorted((a, b) => a - b);
  }

  #lineOf(record: ReadRecord): FileLine | undefined {
    const { stream, revision, position, id, type, isJson, created } = record;
    const described = stream.startsWith("$$") ? stream.slice(2) : undefined;
    const kind = this.#kindOf(stream);
    if (kind === "index" && this.#isFollowed(stream)) this.#follow(record);
    if (kind === "own" || kind === "index") {
      this.#found.add(stream);
      return undefined;
    }
    if (described !== undefined && this.#kindOf(described) !== "moved") return undefined;
    if (type === "$streamDeleted" && revision === TOMBSTONE_REVISION) {
      this.#tombstones++;
      this.#renumbering.tombstone(record);
      return { tombstone: stream, position };
    }
    // Of metadata only the last document counts, and is to be seen.
    if (described !== undefined && this.#metadata.get(stream)?.revision !== revision) return undefined;
    if (this.#hasExpired(record)) return undefined;
    this.#events++;
    return {
      stream,
      revision: this.#renumbering.move(record),
      position,
      id,
      type,
      isJson,
      created,
      data: textOrBase64(this.#data(record, described)),
      metadata: textOrBase64(this.#stamped(record)),
    };
  }

  #kindOf(stream: string) {
    return streamKind(stream, (own) => this.#parked.has(own) || this.#kept.some((prefix) => own.startsWith(prefix)));
  }

  /** It would live again on the target, which counts its age from the import. */
  #hasExpired({ stream, created }: ReadRecord): boolean {
    const maxAge = this.#metadata.get(`$$${stream}`)?.maxAge;
    return maxAge !== undefined && Number(created) / TICKS_A_MILLISECOND + maxAge < this.#now;
  }

  /** Places in it have to be told on the target. There may be a million of others, one for each correlation. */
  #isFollowed(index: string): boolean {
    return READ_BY_NAME.test(index) || this.#places.has(index) || this.#read.has(index);
  }

  #follow(entry: ReadRecord): void {
    const isThere = this.#renumbering.index(entry);
    if (!isThere) return;
    for (const place of this.#places.get(entry.stream) ?? []) {
      if (entry.revision > place.checkpoint) continue;
      place.revision = this.#renumbering.upTo(entry.stream, entry.revision);
      place.link = this.#renumbering.link(Buffer.from(entry.data).toString("utf8"));
    }
  }

  #data({ type, data, isJson }: ReadRecord, described: string | undefined): Uint8Array {
    if (type === LINK_TYPE) {
      const text = Buffer.from(data).toString("utf8");
      return Buffer.from(text.includes("@") ? this.#renumbering.link(text) : text);
    }
    if (described === undefined || !isJson) return data;
    const text = Buffer.from(data).toString("utf8");
    if (DELETES.test(text)) return data;
    // The first that is not truncated away.
    const before = (revision: number) => this.#renumbering.upTo(described, revision - 1) + 1;
    return Buffer.from(
      text.replace(
        /("\$tb"\s*:\s*)(\d+)(?![\d.])/,
        (_, key: string, first: string) => `${key}${before(Number(first))}`,
      ),
    );
  }

  /** The metadata; where a projection of the team's stamped them, with the revisions of the target. */
  #stamped({ metadata }: ReadRecord): Uint8Array {
    const text = Buffer.from(metadata).toString("utf8");
    const stamp = readStampText(text);
    if (stamp === undefined || !this.#ids.has(stamp.projection)) return metadata;
    return Buffer.from(
      withStamp(text, {
        revision: (source, revision, isOfType) => this.#renumbering.upTo(isOfType ? `$et-${source}` : source, revision),
      }),
    );
  }

  #movedGroup({ config, checkpoint }: DefinedGroup): MovedGroup {
    const stream = streamOf(config.target);
    if (config.target.kind === "all") {
      const isFromPosition = checkpoint === undefined && typeof config.start === "number";
      if (isFromPosition) return { config, checkpoint: { kind: "mark", mark: Number(config.start) - 1 } };
      return { config, checkpoint: checkpoint === undefined ? { kind: "none" } : { kind: "mark", mark: checkpoint } };
    }
    const start =
      typeof config.start === "number" ? this.#renumbering.upTo(stream, config.start - 1) + 1 : config.start;
    const moved = { ...config, start };
    if (checkpoint === undefined) return { config: moved, checkpoint: { kind: "none" } };
    const place = this.#places.get(stream)?.find((one) => one.checkpoint === checkpoint);
    const revision = place?.revision ?? this.#renumbering.upTo(stream, checkpoint);
    if (revision < 0) return { config: { ...moved, start: "start" }, checkpoint: { kind: "none" } };
    if (place === undefined) return { config: moved, checkpoint: { kind: "revision", revision } };
    return { config: moved, checkpoint: { kind: "index", revision, link: place.link } };
  }

  #leftOut(): readonly LeftOut[] {
    const left: LeftOut[] = [];
    const add = (isThere: boolean, what: string, why: string): void => {
      if (isThere) left.push({ what, why });
    };
    const found = [...this.#found];
    add(
      found.some((stream) => stream === "$users"),
      "users and passwords",
      "each server has its own; make them on the target",
    );
    add(this.#found.has("$settings"), "the default access rights in $settings", "they hold for the whole target");
    for (const [metastream, { isLimit }] of this.#metadata) {
      const stream = metastream.slice(2);
      const why = "the target makes that stream itself; set it there";
      add(isLimit && this.#kindOf(stream) === "index", `what was set to be kept of ${stream}`, why);
    }
    for (const { moved, isMovable } of this.#projections) {
      add(!isMovable, `projection ${moved.name}`, "its query does not compile, or it is not one that goes on for ever");
    }
    for (const { name, query } of this.header.projections) {
      const why =
        "it looks at places in the log in a way that is not understood here; read it, and update it on the target";
      add(comparesOtherwise(query), `what the query of ${name} says of log positions`, why);
    }
    for (const { config, checkpoint } of this.#groups) {
      if (checkpoint !== undefined || config.start !== "end") continue;
      const key = keyOf(nameOf(config));
      add(true, `where group ${key} stood`, "it began at the end and has no checkpoint; it begins at the target's end");
    }
    return left;
  }
}
