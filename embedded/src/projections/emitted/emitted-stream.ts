import { NO_DATA, type NewRecord } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { EngineFault } from "../engine-fault.ts";
import { ProjectionFault } from "../handler.ts";
import { WriteFailedError } from "../../log/errors.ts";
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
  /** The disk has refused: nothing that was accepted and is not written will be. */
  refused(): void;
}

export interface EmittedStreamOptions {
  readonly stream: string;
  readonly projection: OpeningProjection;
  readonly metadata: OutputMetadata;
  readonly newId: () => string;
  readonly events: EmittedStreamEvents;
}

/**
 * One output stream between two checkpoints: hands one batch after the other to the log, each behind what it knows to be the last
 * event. It waits for none of them to get to disk: where one does not, none behind it does.
 */
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
  #isFlushing = false;
  #isWantedAgain = false;
  /** Writes that are not yet on disk. */
  #onTheirWay = 0;
  #lastWrite: Promise<void> = Promise.resolve();

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
    return this.#onTheirWay > 0;
  }

  emit(event: EmittedEvent): void {
    this.#pending.push(event);
    this.#isStuck = false;
  }

  /** Writes what waits. */
  flush(): void {
    // What it writes may let something go on that waits in itself.
    this.#isWantedAgain = true;
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      while (this.#isWantedAgain) {
        this.#isWantedAgain = false;
        this.#writeReady();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isFlushing = false;
    }
  }

  /** Writes nothing more; settles when what is on its way has arrived. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#lastWrite;
  }

  #writeReady(): void {
    while (this.#pending.length > 0 && !this.#isOver && !this.#isStuck) {
      if (this.#lastRevision === undefined) this.#open();
      else if (this.#recovery !== undefined) this.#recover(this.#recovery);
      else if (this.#needsMetadata) this.#writeMetadata(this.#lastRevision + 1);
      else if (!this.#writeBatch(this.#lastRevision)) return;
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const message = error instanceof Error ? error.message : String(error);
    this.#options.events.fault(error instanceof ProjectionFault ? error : new EngineFault(message, error));
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
      event.onNumbered?.(found.verdict === "written" ? found.revision : -1);
      event.onWritten?.();
      this.#options.events.written();
    }
    this.#pending.splice(0, passed);
  }

  #writeMetadata(firstRevision: number): void {
    const { stream, metadata, newId } = this.#options;
    this.#needsMetadata = false;
    this.#await(writeOutputMetadata(this.#store, stream, firstRevision, metadata, newId), []);
  }

  /** False where the next event is not ready to be written, or cannot be. */
  #writeBatch(lastRevision: number): boolean {
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
    const result = this.#store.accept(stream, lastRevision < 0 ? "no_stream" : lastRevision, records);
    if (result.outcome === "stream-deleted") {
      throw new EngineFault(`Stream : ${stream} is deleted. Cannot emit events to it`);
    }
    if (result.outcome === "wrong-expected-revision") {
      this.#isOver = true;
      const reason = `The '${stream}' stream has been written to from the outside. Expected Version: ${lastRevision}, Current Version: ${result.current}.`;
      // It looks anew once it can see what it had not known of.
      const tell = () => events.conflict(reason);
      void this.#store.settled().then(tell, tell);
      return false;
    }
    this.#lastRevision = result.revision;
    const first = result.revision - batch.length + 1;
    for (const [i, event] of batch.entries()) event.onNumbered?.(first + i);
    this.#await(result.outcome === "accepted" ? result.onDisk : this.#store.settled(), batch);
    return true;
  }

  #await(write: Promise<unknown>, batch: readonly EmittedEvent[]): void {
    const { events } = this.#options;
    this.#onTheirWay++;
    const written = () => {
      this.#onTheirWay--;
      for (const event of batch) {
        event.onWritten?.();
        events.written();
      }
    };
    const refused = (error: unknown) => {
      this.#onTheirWay--;
      if (!(error instanceof WriteFailedError)) return this.#fail(error);
      this.#isOver = true;
      events.refused();
    };
    this.#lastWrite = write.then(written, refused);
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
