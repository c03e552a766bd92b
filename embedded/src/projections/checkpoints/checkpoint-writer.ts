import { type Patience, patiently } from "../../log/patience.ts";
import type { ProjectionOutput } from "../emitted/projection-output.ts";
import { compareTags } from "../tags/compare.ts";
import type { Tag } from "../tags/tag.ts";
import type { Checkpoint } from "./checkpoint-stream.ts";
import { type CheckpointKeeper, keepCheckpoint } from "./keep-checkpoint.ts";

export interface CheckpointWriterOptions {
  /** Undefined where no checkpoints are kept. */
  readonly keeper: CheckpointKeeper | undefined;
  readonly output: ProjectionOutput;
  /** The checkpoint that the run begins from. */
  readonly from: Tag;
  /** Events handled after which a checkpoint is due. */
  readonly handledThreshold: number;
  readonly patience: Patience;
  /** Throws where the run has ended; asked after each wait. */
  readonly throwIfEnded: () => void;
}

/** When a run is to keep a checkpoint, and how: only behind what is written. */
export class CheckpointWriter {
  readonly #options: CheckpointWriterOptions;
  #tag: Tag;
  #status = "";
  #isDue = false;
  #handled = 0;

  constructor(options: CheckpointWriterOptions) {
    this.#options = options;
    this.#tag = options.from;
  }

  /** Of the last checkpoint. */
  get tag(): Tag {
    return this.#tag;
  }

  /** As the server shows it. */
  get status(): string {
    return this.#status;
  }

  get isDue(): boolean {
    return this.#isDue;
  }

  /** An event was handled. */
  count(): void {
    if (++this.#handled >= this.#options.handledThreshold) this.#isDue = true;
  }

  request(): void {
    this.#isDue = true;
  }

  /** Waits until all that was emitted is written. */
  async drain(): Promise<void> {
    const { output, throwIfEnded } = this.#options;
    if (output.outstanding > 0) this.#status = "Requested";
    await output.drained();
    this.#status = "";
    throwIfEnded();
  }

  /** Waits until all that was emitted is written, then keeps the checkpoint if there is anything new in it. */
  async write(checkpoint: Checkpoint): Promise<void> {
    await this.drain();
    this.#isDue = false;
    this.#handled = 0;
    const { keeper, output, patience, throwIfEnded } = this.#options;
    if (keeper === undefined || compareTags(checkpoint.tag, this.#tag) === 0) return;
    this.#status = "Writing (1)";
    await patiently(() => keepCheckpoint(keeper, checkpoint), patience);
    this.#status = "";
    this.#tag = checkpoint.tag;
    await output.beginBehind(checkpoint.tag);
    throwIfEnded();
  }
}
