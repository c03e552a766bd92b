import { deserialize, serialize } from "node:v8";

/** How far a view was folded, and what it had become. */
export interface Checkpoint {
  /** What folded it: another fold makes another state of the same events. */
  readonly fold: string;
  /** Revision in the stream of all published events up to which it is folded. */
  readonly revision: bigint;
  /** Id of what stands at that revision, by which another server, or another history, is recognized. */
  readonly linkId: string;
  readonly state: unknown;
  /** Ids of the events folded last, so that one published twice is folded once. */
  readonly folded: readonly string[];
}

/** Writes a checkpoint. @throws DataCloneError where the state holds what cannot be cloned, such as a function. */
export const encodeCheckpoint = (checkpoint: Checkpoint): Uint8Array => serialize(checkpoint);

/** Reads a checkpoint; undefined where it was made by another fold. @throws for bytes that are no checkpoint. */
export function decodeCheckpoint(bytes: Uint8Array, fold: string): Checkpoint | undefined {
  const checkpoint: Partial<Checkpoint> = Object(deserialize(bytes));
  const { revision, linkId, folded } = checkpoint;
  if (typeof revision !== "bigint" || typeof linkId !== "string" || !Array.isArray(folded))
    throw new TypeError("These bytes are no checkpoint of a view. Remove them: the view is folded from the beginning.");
  return checkpoint.fold === fold ? { fold, revision, linkId, folded, state: checkpoint.state } : undefined;
}
