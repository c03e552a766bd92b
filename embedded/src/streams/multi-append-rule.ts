import { judgeAppend, type StreamView, type Verdict } from "./append-rule.ts";
import type { ExpectedRevision } from "./expected-revision.ts";

/** What a writer to several streams believes of one of them, whether it writes there or only looks. */
export interface Belief {
  readonly stream: string;
  readonly expected: ExpectedRevision;
}

/** How a stream stands: its last revision, or why it has none. */
export type StreamState = number | "no_stream" | "deleted" | "tombstoned";

/** A belief that does not hold. */
export interface Conflict extends Belief {
  /** Which of the beliefs it was; undefined where there was none and what is written is there by half. */
  readonly index: number | undefined;
  readonly actual: StreamState;
}

export type MultiVerdict =
  | { readonly decision: "write" }
  /** All was written before; of each stream the revision at which the last event listed for it stands. */
  | { readonly decision: "already-written"; readonly revisions: ReadonlyMap<string, number> }
  /** At least one of the streams that were to be written can never be written again. */
  | { readonly decision: "tombstoned"; readonly stream: string }
  | { readonly decision: "conflict"; readonly conflicts: readonly Conflict[] };

/**
 * Whether events with these ids may be appended to these streams, all or none (spec 4.2). Each stream is judged as if it
 * were written alone. A repeat is one of the whole: where a part is there already and another is not, nobody can say what
 * the writer means, just as with a repeat by half within one stream (spec 1.7).
 */
export function judgeMultiAppend(
  viewOf: (stream: string) => StreamView,
  idsOf: ReadonlyMap<string, readonly string[]>,
  beliefs: readonly Belief[],
): MultiVerdict {
  const verdicts = new Map<string, Verdict>();
  for (const [stream, ids] of idsOf) {
    const view = viewOf(stream);
    if (view.isTombstoned) return { decision: "tombstoned", stream };
    verdicts.set(stream, judgeAppend(view, beliefs.find((one) => one.stream === stream)?.expected ?? "any", ids));
  }
  const revisions = revisionsOfRepeat(verdicts);
  if (revisions !== undefined) return { decision: "already-written", revisions };
  const conflicts: Conflict[] = [];
  const believed = new Set<string>();
  for (const [index, belief] of beliefs.entries()) {
    const isFirst = !believed.has(belief.stream);
    believed.add(belief.stream);
    const verdict = isFirst ? verdicts.get(belief.stream) : undefined;
    const view = viewOf(belief.stream);
    const isHeld = verdict === undefined ? holds(view, belief.expected) : verdict.decision === "write";
    if (!isHeld) conflicts.push({ ...belief, index, actual: stateOf(view) });
  }
  for (const [stream, verdict] of verdicts) {
    if (believed.has(stream) || verdict.decision === "write") continue;
    conflicts.push({ stream, expected: "any", index: undefined, actual: stateOf(viewOf(stream)) });
  }
  return conflicts.length === 0 ? { decision: "write" } : { decision: "conflict", conflicts };
}

function revisionsOfRepeat(verdicts: ReadonlyMap<string, Verdict>): ReadonlyMap<string, number> | undefined {
  const revisions = new Map<string, number>();
  for (const [stream, verdict] of verdicts) {
    if (verdict.decision !== "already-written") return undefined;
    revisions.set(stream, verdict.revision);
  }
  return revisions.size === 0 ? undefined : revisions;
}

/** A belief about a stream that is only looked at. One that was deleted is none, as it is for a writer. */
function holds(view: StreamView, expected: ExpectedRevision): boolean {
  switch (expected) {
    case "any":
      return true;
    case "no_stream":
      return !view.isTombstoned && (view.last < 0 || view.isSoftDeleted);
    case "stream_exists":
      return !view.isTombstoned && !view.isSoftDeleted && (view.last >= 0 || view.hasMetadata);
    default:
      return !view.isTombstoned && expected === view.last;
  }
}

function stateOf(view: StreamView): StreamState {
  if (view.isTombstoned) return "tombstoned";
  if (view.isSoftDeleted) return "deleted";
  return view.last < 0 ? "no_stream" : view.last;
}
