import type { EventStore } from "../../streams/event-store.ts";
import type { ProjectionFault } from "../handler.ts";
import type { Patience } from "../../log/patience.ts";
import type { Tag } from "../tags/tag.ts";
import type { Tagger } from "../tags/tagger.ts";
import type { ProjectionVersion } from "../version.ts";
import type { Emit } from "./emit.ts";
import type { EmittedEvent } from "./emitted-event.ts";
import { Output, type OutputOptions } from "./output.ts";
import { TrackedStreams } from "./tracked-streams.ts";
import { type SourceMark, WrittenMark } from "./written-mark.ts";

export interface ProjectionOutputOptions {
  readonly store: EventStore;
  readonly version: ProjectionVersion;
  readonly tagger: Tagger;
  /** The last checkpoint. */
  readonly from: Tag;
  readonly newId: () => string;
  /** Where the streams are noted that it writes to; undefined where they are not. */
  readonly trackedIn: string | undefined;
  readonly patience: Patience;
  readonly onFault: (fault: ProjectionFault) => void;
  /** Somebody else wrote to the output. */
  readonly onConflict: () => void;
  /** The disk has refused what was accepted and is not on disk. */
  readonly onTakenBack: () => void;
  /** It waits for its writes, and they wait for more to be written. */
  readonly onStalled: () => void;
}

/** All that one run of a projection writes, from checkpoint to checkpoint, and how far that has come. */
export class ProjectionOutput {
  readonly emit: Emit;
  readonly #options: ProjectionOutputOptions;
  readonly #tracked: TrackedStreams | undefined;
  readonly #written: WrittenMark;
  #output: Output;
  /** Of the event that is being handled. */
  #mark: SourceMark | undefined;
  #isDraining = false;
  #hasWritten = false;

  constructor(options: ProjectionOutputOptions) {
    const { store, from, newId, trackedIn, patience } = options;
    this.#options = options;
    this.#tracked = trackedIn === undefined ? undefined : new TrackedStreams(store, trackedIn, newId, patience);
    this.#written = new WrittenMark(from);
    this.#output = new Output(this.outputOptions(from));
    this.emit = this.#makeEmit();
  }

  /** Events not yet written. */
  get outstanding(): number {
    return this.#output.outstanding;
  }

  /** Events that wait for their turn in their stream. */
  get pending(): number {
    return this.#output.pending;
  }

  /** Streams that are being written. */
  get writing(): number {
    return this.#output.writing;
  }

  /** Something waits until more is written to its stream. */
  get isStuck(): boolean {
    return this.#output.isStuck;
  }

  /** Something was written. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /** Everything caused by events up to this one is on disk. */
  get writtenTo(): Tag {
    return this.#written.tag;
  }

  /** For further output of the same run, beside this one. */
  outputOptions(from: Tag): OutputOptions {
    const { store, version, tagger, newId, onFault, onConflict, onTakenBack } = this.#options;
    return {
      projection: { store, version, tagger, from },
      newId,
      onFault,
      onConflict,
      onStuck: () => this.#noticeStall(),
      onRefused: onTakenBack,
    };
  }

  /** What is emitted while `handle` runs is caused by the event at `tag`. */
  causedBy(tag: Tag, handle: () => void): void {
    this.#mark = this.#written.begin(tag);
    handle();
    this.#written.advance();
  }

  /** Starts writing what was emitted since the last time. */
  flush(): void {
    this.#output.flush();
  }

  /** Settles when everything is written, and what it was caused by; or nothing more will be. */
  async drained(): Promise<void> {
    const { store, onTakenBack } = this.#options;
    this.#output.flush();
    this.#isDraining = true;
    this.#noticeStall();
    await Promise.all([this.#output.drained(), this.#tracked?.settled(), store.settled().catch(onTakenBack)]);
    this.#isDraining = false;
  }

  /** A checkpoint was kept: what follows need not be compared with what lies before it. */
  async beginBehind(checkpoint: Tag): Promise<void> {
    await this.#output.end();
    this.#output = new Output(this.outputOptions(checkpoint));
  }

  /** Writes nothing more; settles when what is on its way has arrived. */
  end(): Promise<void> {
    return this.#output.end();
  }

  /** While it waits for its writes nothing more is written that could set them going. */
  #noticeStall(): void {
    if (this.#isDraining && this.#output.isStuck) this.#options.onStalled();
  }

  #makeEmit(): Emit {
    const emit = (stream: string, event: EmittedEvent) => {
      const mark = this.#mark;
      if (mark === undefined) return;
      mark.left++;
      const onWritten = () => {
        event.onWritten?.();
        this.#hasWritten = true;
        this.#written.written(mark);
      };
      this.#output.emit(stream, { ...event, onWritten });
    };
    const tracked = (stream: string, event: EmittedEvent) => {
      this.#tracked?.track(stream);
      emit(stream, event);
    };
    return Object.assign(emit, { tracked, wake: (stream: string) => this.#output.wake(stream) });
  }
}
