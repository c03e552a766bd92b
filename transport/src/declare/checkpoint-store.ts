/** Where views keep their checkpoints, by name of the view. Others than the two that come with it need these two methods only. */
export interface CheckpointStore {
  /** What was saved last; undefined where nothing was. */
  load(view: string): Promise<Uint8Array | undefined>;
  /** Replaces what was saved, wholly or not at all, also where the process dies meanwhile. */
  save(view: string, checkpoint: Uint8Array): Promise<void>;
}
