/**
 * Where views keep their checkpoints, by name of the view. Others than the two that come with it need `load` and `save` only.
 *
 * A view whose folds write rows of a database keeps its checkpoints there, too, so that both change in one transaction: `load` rolls
 * back what was not committed, and begins one; `save` writes the checkpoint, commits, and begins the next; `reset` deletes the rows.
 * Between the beginning of one of these calls and the end of its promise nothing is folded, and each event that was folded before
 * `save` is in its checkpoint. So each event is in the rows once, whenever the process dies.
 */
export interface CheckpointStore {
  /** What was saved last; undefined where nothing was. */
  load(view: string): Promise<Uint8Array | undefined>;
  /** Replaces what was saved, wholly or not at all, also where the process dies meanwhile. */
  save(view: string, checkpoint: Uint8Array): Promise<void>;
  /**
   * Called before a view is folded from the beginning, since there is no checkpoint, or one that is not used: what its folds have
   * written elsewhere is to be deleted. Where it rejects it is called again, before anything is folded.
   */
  reset?(view: string): Promise<void>;
}
