import { NO_DATA, type NewRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { EngineFault } from "../engine-fault.ts";
import { ProjectionFault } from "../handler.ts";
import { type Patience, patiently } from "../../log/patience.ts";
import { MAX_WRITE_BATCH } from "../settings.ts";
import { formatVersion } from "../version.ts";
import { type EmittedEvent, emittedMetadata } from "./emitted-event.ts";
import { type OpeningProjection, openOutput } from "./opening.ts";
import { type OutputMetadata, writeOutputMetadata } from "./output-metadata.ts";
import type { Recovery } from "./recovery.ts";

/** What happened while writing that concerns the whole projection. */
export interface EmittedStreamEvents {
  /** One more event is written, or was found written. */
  written(): void;
  fault(fault: ProjectionFault): void;
  /** Somebody else wrote to the stream meanwhile: the projection has to look at its output anew. */
  conflict(reason: string): void;
  /** What waits goes on only when more is to be written. */
  stuck(): void;
  /** The disk has refused; it is tried again. */
  refused(): void;
}

export interface EmittedStreamOptions {
  readonly stream: string;
  readonly projection: OpeningProjection;
  readonly metadata: OutputMetadata;
  readonly newId: () => string;
  readonly events: EmittedStreamEvents;
}

/** One output stream between two checkpoints: writes one batch after the other, each behind what it knows to be the last event. */
export class EmittedStream {
  readonly #options: EmittedStreamOptions;
  readonly #store: EventStore;
  readonly #version: string;
  #pending: EmittedEvent[] = [];
  /** Number of the last event; undefined until the stream was looked at. */
  #lastRevision: number | undefined;
  #recovery: Recovery | undefined;
  #needsMetadata = false;
  #isStuck = false;
  #isOver = false;
  #writing: Promise<void> | undefined;
  #isWantedAgain = false;
  readonly #patience: Patience = { isOver: () => this.#isOver, onRefused: () => this.#options.events.refused() };

  constructor(options: EmittedStreamOptions) {
    this.#options = options;
    this.#store = options.projection.store;
    this.#version = formatVersion(options.projection.version);
  }

  /** Events that wait for their turn. */
  get pending(): number {
    return this.#pending.length;
  }

  /** Nothing moves before another event is to be written. */
  get isStuck(): boolean {
    return this.#isStuck;
  }

  /** It is at the disk. */
  get isWriting(): boolean {
    return this.#writing !== undefined && !this.#isStuck;
  }

  emit(event: EmittedEvent): void {
    this.#pending.push(event);
    this.#isStuck = false;
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#isOver || this.#isStuck || this.#pending.length === 0) return;
    if (this.#writing !== undefined) {
      // It may be past its last look at what waits.
      this.#isWantedAgain = true;
      return;
    }
    this.#writing = this.#write().finally(() => {
      this.#writing = undefined;
      if (this.#isWantedAgain) this.#flushAgain();
    });
  }

  #flushAgain(): void {
    this.#isWantedAgain = false;
    this.flush();
  }

  /** Writes nothing more; settles when what is on its way has arrived. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#writing;
  }

  async #write(): Promise<void> {
    try {
      while (this.#pending.length > 0 && !this.#isOver && !this.#isStuck) {
        if (this.#lastRevision === undefined) this.#open();
        else if (this.#recovery !== undefined) this.#recover(this.#recovery);
        else if (this.#needsMetadata) await this.#writeMetadata(this.#lastRevision + 1);
        else if (!(await this.#writeBatch(this.#lastRevision))) return;
      }
    } catch (error) {
      if (this.#isOver) return;
      this.#isOver = true;
      const message = error instanceof Error ? error.message : String(error);
      const isFault = error instanceof ProjectionFault;
      this.#options.events.fault(isFault ? error : new EngineFault(message, error));
    }
  }

  #open(): void {
    const opening = openOutput(this.#options.stream, this.#options.projection);
    if (opening.state === "stuck") {
      this.#isStuck = true;
      this.#options.events.stuck();
      if (!opening.canGoOn) return;
    }
    this.#lastRevision = opening.lastRevision;
    this.#needsMetadata = opening.state === "new";
    if (opening.state === "own") this.#recovery = opening.recovery;
  }

  /** Passes over what an earlier run had written. */
  #recover(recovery: Recovery): void {
    let passed = 0;
    for (const event of this.#pending) {
      const found = recovery.judge(event);
      if (found.verdict === "write") {
        this.#recovery = undefined;
        break;
      }
      passed++;
      event.onWritten?.(found.verdict === "written" ? found.revision : -1);
      this.#options.events.written();
    }
    this.#pending.splice(0, passed);
  }

  async #writeMetadata(firstRevision: number): Promise<void> {
    const { stream, metadata, newId } = this.#options;
    await patiently(() => writeOutputMetadata(this.#store, stream, firstRevision, metadata, newId), this.#patience);
    this.#needsMetadata = false;
  }

  /** False where the next event is not ready to be written, or cannot be. */
  async #writeBatch(lastRevision: number): Promise<boolean> {
    const { stream, events } = this.#options;
    const batch: EmittedEvent[] = [];
    const records: NewRecord[] = [];
    for (const event of this.#pending.slice(0, MAX_WRITE_BATCH)) {
      const data = event.data();
      if (data === undefined) break;
      batch.push(event);
      records.push(this.#record(event, data));
    }
    if (batch.length === 0) return false;
    this.#pending.splice(0, batch.length);
    const expected = lastRevision < 0 ? "no_stream" : lastRevision;
    const result = await patiently(() => this.#store.append(stream, expected, records), this.#patience);
    if (result.outcome === "stream-deleted") {
      throw new EngineFault(`Stream : ${stream} is deleted. Cannot emit events to it`);
    }
    if (result.outcome === "wrong-expected-revision") {
      this.#isOver = true;
      events.conflict(
        `The '${stream}' stream has been written to from the outside. Expected Version: ${lastRevision}, Current Version: ${result.current}.`,
      );
      return false;
    }
    this.#lastRevision = result.revision;
    const first = result.revision - batch.length + 1;
    for (const [i, event] of batch.entries()) {
      event.onWritten?.(first + i);
      events.written();
    }
    return true;
  }

  #record(event: EmittedEvent, data: string): NewRecord {
    return {
      id: this.#options.newId(),
      type: event.type,
      isJson: event.isJson,
      data: data === "" ? NO_DATA : Buffer.from(data),
      metadata: Buffer.from(emittedMetadata(this.#version, event)),
    };
  }
}
