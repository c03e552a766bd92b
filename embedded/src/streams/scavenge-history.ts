import { type NewRecord, NO_DATA } from "../log/record.ts";
import type { EventStore } from "./event-store.ts";
import { METADATA_TYPE, metastreamOf } from "./stream-metadata.ts";

/** Links to what happened to all scavenges. */
export const SCAVENGES_STREAM = "$scavenges";

/** For 30 days, to be read by those who may operate the server. */
const METADATA = '{"$maxAge":2592000,"$acl":{"$r":"$ops"}}';
const LINK_TYPE = "$>";
const STARTED = "$scavengeStarted";
const COMPLETED = "$scavengeCompleted";

export type ScavengeEnding = "Success" | "Stopped" | "Errored" | "Interrupted";

export interface ScavengeReport {
  readonly ending: ScavengeEnding;
  /** What went wrong; "" where nothing did. */
  readonly error: string;
  readonly milliseconds: number;
  readonly events: number;
  readonly bytes: number;
}

/**
 * What is on record of scavenges, in streams and events of EventStoreDB's names: each scavenge has a stream of its own
 * with its start and its end, and `$scavenges` links to both.
 */
export class ScavengeHistory {
  readonly #store: EventStore;
  readonly #newId: () => string;

  constructor(store: EventStore, newId: () => string) {
    this.#store = store;
    this.#newId = newId;
  }

  async started(id: string): Promise<void> {
    const settings = { scavengeId: id, startFromChunk: 0, threads: 1 };
    await this.#describe(SCAVENGES_STREAM);
    await this.#describe(streamOf(id));
    await this.#write(id, 0, STARTED, settings);
  }

  async completed(id: string, report: ScavengeReport): Promise<void> {
    const { ending, error, milliseconds, events, bytes } = report;
    const timeTaken = timeSpanOf(milliseconds);
    await this.#write(id, 1, COMPLETED, {
      scavengeId: id,
      result: ending,
      error,
      timeTaken,
      spaceSaved: bytes,
      eventsRemoved: events,
    });
  }

  /** Puts an end to what a server that was killed has left without one. */
  async closeInterrupted(): Promise<void> {
    const page = this.#store.readStream({ stream: SCAVENGES_STREAM, from: "end", direction: "backwards", maxCount: 1 });
    const last = page.outcome === "read" ? page.records[0] : undefined;
    const id = last && /^0@\$scavenges-(.+)$/.exec(Buffer.from(last.data).toString())?.[1];
    if (id === undefined || this.#store.lastRevision(streamOf(id)) !== 0) return;
    const error = "The server was stopped before the scavenge had ended.";
    await this.completed(id, { ending: "Interrupted", error, milliseconds: 0, events: 0, bytes: 0 });
  }

  async #write(id: string, revision: number, type: string, data: object): Promise<void> {
    const event: NewRecord = {
      id: this.#newId(),
      type,
      isJson: true,
      data: Buffer.from(JSON.stringify(data)),
      metadata: NO_DATA,
    };
    const link: NewRecord = {
      id: this.#newId(),
      type: LINK_TYPE,
      isJson: false,
      data: Buffer.from(`${revision}@${streamOf(id)}`),
      metadata: NO_DATA,
    };
    await this.#store.appendToSeveral(
      [
        { stream: streamOf(id), event },
        { stream: SCAVENGES_STREAM, event: link },
      ],
      [],
    );
  }

  async #describe(stream: string): Promise<void> {
    const metastream = metastreamOf(stream);
    if (this.#store.lastRevision(metastream) >= 0) return;
    const data = Buffer.from(METADATA);
    const event = { id: this.#newId(), type: METADATA_TYPE, isJson: true, data, metadata: NO_DATA };
    await this.#store.append(metastream, "any", [event]);
  }
}

export function streamOf(scavengeId: string): string {
  return `${SCAVENGES_STREAM}-${scavengeId}`;
}

/** As .NET writes a span of time: `00:01:02.5000000`. */
function timeSpanOf(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (part: number) => String(part).padStart(2, "0");
  const ticks = String(Math.floor((milliseconds % 1000) * 10_000)).padStart(7, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${ticks}`;
}
