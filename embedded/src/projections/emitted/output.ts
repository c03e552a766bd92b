import type { ProjectionFault } from "../handler.ts";
import type { EmittedEvent } from "./emitted-event.ts";
import { EmittedStream } from "./emitted-stream.ts";
import type { OpeningProjection } from "./opening.ts";
import { NO_OUTPUT_METADATA, type OutputMetadata } from "./output-metadata.ts";

export interface OutputOptions {
  readonly projection: OpeningProjection;
  readonly newId: () => string;
  readonly onFault: (fault: ProjectionFault) => void;
  readonly onConflict: (reason: string) => void;
  /** Something will wait for ever unless another event is written to its stream. */
  readonly onStuck: () => void;
  /** The disk has refused: what is not written will not be. */
  readonly onRefused: () => void;
}

/**
 * All that a projection writes between two checkpoints. Streams are written side by side, each in its order; the next
 * checkpoint waits until everything is written.
 */
export class Output {
  readonly #options: OutputOptions;
  readonly #streams = new Map<string, EmittedStream>();
  readonly #toFlush = new Set<EmittedStream>();
  #outstanding = 0;
  #isOver = false;
  #whenDrained: (() => void)[] = [];

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  /** Events not yet written. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Events that wait for their turn in their stream. */
  get pending(): number {
    let pending = 0;
    for (const stream of this.#streams.values()) pending += stream.pending;
    return pending;
  }

  /** Streams that are being written. */
  get writing(): number {
    if (this.#outstanding === 0) return 0;
    let writing = 0;
    for (const stream of this.#streams.values()) if (stream.isWriting) writing++;
    return writing;
  }

  /** Something waits for another event to be written to its stream, and will wait for ever without. */
  get isStuck(): boolean {
    return [...this.#streams.values()].some((stream) => stream.isStuck);
  }

  emit(stream: string, event: EmittedEvent, metadata: OutputMetadata = NO_OUTPUT_METADATA): void {
    if (this.#isOver) return;
    this.#outstanding++;
    const target = this.#streams.get(stream) ?? this.#open(stream, metadata);
    target.emit(event);
    this.#toFlush.add(target);
  }

  /** Starts writing what was emitted since the last time. */
  flush(): void {
    for (const stream of this.#toFlush) stream.flush();
    this.#toFlush.clear();
  }

  /** Tries `stream` again: what it waited for is there. */
  wake(stream: string): void {
    this.#streams.get(stream)?.flush();
  }

  /** Settles when everything is written, or nothing more will be. */
  async drained(): Promise<void> {
    if (this.#outstanding === 0 || this.#isOver) return;
    await new Promise<void>((resolve) => this.#whenDrained.push(resolve));
  }

  /** Writes nothing more; settles when what is on its way has arrived. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#releaseWaiting();
    await Promise.all([...this.#streams.values()].map((stream) => stream.end()));
  }

  #open(stream: string, metadata: OutputMetadata): EmittedStream {
    const { projection, newId, onFault, onConflict, onStuck, onRefused } = this.#options;
    const opened = new EmittedStream({
      stream,
      projection,
      metadata,
      newId,
      events: {
        written: () => this.#written(),
        fault: onFault,
        conflict: onConflict,
        stuck: onStuck,
        refused: onRefused,
      },
    });
    this.#streams.set(stream, opened);
    return opened;
  }

  #written(): void {
    this.#outstanding--;
    if (this.#outstanding === 0) this.#releaseWaiting();
  }

  #releaseWaiting(): void {
    for (const resolve of this.#whenDrained.splice(0)) resolve();
  }
}
