import type { GroupSettings } from "./group-settings.ts";

type CheckpointSettings = Pick<GroupSettings, "checkpointAfter" | "minCheckpointCount" | "maxCheckpointCount">;

/** When a group's progress is worth a write (spec 2.4, goldens `persistent/checkpoint-by-count` and `-by-time`). */
export class CheckpointPolicy {
  readonly #settings: CheckpointSettings;
  #lastNumber = -1;
  #lastTime: number;

  constructor(settings: CheckpointSettings, now: number) {
    this.#settings = settings;
    this.#lastTime = now;
  }

  /** Whether a checkpoint behind what has that `number` among all that was handed out or passed over is due; if so, it counts as written. */
  due(number: number, now: number, byTime: boolean): boolean {
    const { checkpointAfter, minCheckpointCount, maxCheckpointCount } = this.#settings;
    const progress = number - this.#lastNumber;
    // Bounds may be 0 or less, but what is nowhere new is never written.
    if (progress <= 0) return false;
    const timeIsUp = byTime && checkpointAfter > 0 && now - this.#lastTime >= checkpointAfter;
    if (progress < maxCheckpointCount && !(timeIsUp && progress >= minCheckpointCount)) return false;
    this.#lastNumber = number;
    this.#lastTime = now;
    return true;
  }
}
