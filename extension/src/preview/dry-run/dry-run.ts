import { matches, readBackfill, readFilter, readRouter } from "@sluice/transport/topology";
import { StreamNotFoundError } from "../../event-store/errors.ts";
import type {
  Direction,
  EventReader,
  Page,
  RecordedEvent,
  Source,
  StreamEntry,
} from "../../event-store/event-store.ts";
import type { ProjectionKind } from "../model/projection-preview.ts";
import type {
  ScriptAnswer,
  ScriptEvent,
  ScriptFault,
  ScriptRecord,
  ScriptRequest,
  ScriptSource,
  ScriptStep,
} from "./dry-run-protocol.ts";

/** Where a script runs. */
export interface ScriptThread {
  ask(request: ScriptRequest): Promise<ScriptAnswer>;
}

/** Why a projection passes over an event. */
export type PassedOver =
  /** A system event, such as a deletion, or a link that leads nowhere. */
  | "system"
  /** The script has no handler for its type. */
  | "type"
  /** It lies before where the projection begins. */
  | "before"
  /** It lies behind where a backfill ends. */
  | "behind"
  /** It says that it is JSON, and is not. */
  | "no-json"
  /** The script did nothing with it. */
  | "script";

/** One event, and what a projection would do with it. */
export interface DryRunLine {
  /** Its number in what the projection reads. */
  readonly number: string;
  readonly stream: string;
  readonly revision: string;
  readonly type: string;
  readonly outcome:
    | { readonly kind: "linked"; readonly to: readonly string[] }
    | { readonly kind: "passed-over"; readonly why: PassedOver }
    | { readonly kind: "fault"; readonly fault: ScriptFault };
}

export interface DryRun {
  /** What it reads; undefined where the script does not compile. */
  readonly source?: string;
  /** In the order of the source. */
  readonly lines: readonly DryRunLine[];
  /** What the script ended with, be it before the first event. */
  readonly fault?: ScriptFault;
}

export interface DryRunOptions {
  readonly script: string;
  readonly kind: ProjectionKind;
  /** So many of the last events. */
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, of: number) => void;
}

const PAGE = 250;

/**
 * Shows what a projection would do with the last events of what it reads. It only reads.
 * @throws what the reader throws, and what the signal was aborted with
 */
export async function dryRun(
  reader: Pick<EventReader, "read">,
  thread: ScriptThread,
  options: DryRunOptions,
): Promise<DryRun> {
  const { script, limit, signal, onProgress } = options;
  const opened = await thread.ask({ kind: "open", script });
  if (opened.kind === "refused") return { lines: [], fault: opened.fault };
  if (opened.kind !== "opened") return { lines: [] };
  const source = sourceOf(opened.source);
  const name = "all" in source ? "$all" : source.stream;
  const entries = await lastEntries(reader, source, limit, signal);
  const lines: DryRunLine[] = [];
  for (let from = 0; from < entries.length; from += PAGE) {
    signal.throwIfAborted();
    onProgress(from, entries.length);
    const page = entries.slice(from, from + PAGE);
    const answer = await thread.ask({ kind: "run", events: page.map(eventOf) });
    const steps = answer.kind === "ran" ? answer.steps : [];
    for (const [index, step] of steps.entries()) {
      const entry = page[index];
      if (entry !== undefined) lines.push(lineOf(entry, step, options));
    }
    const last = steps.at(-1);
    if (last?.kind === "fault") return { source: name, lines, fault: last.fault };
  }
  onProgress(entries.length, entries.length);
  return { source: name, lines };
}

/** What a projection of the generated kinds reads: one stream, or the one of a category. */
function sourceOf({ all, streams, categories }: ScriptSource): Source {
  const [stream] = streams;
  const [category] = categories;
  if (stream !== undefined && !all) return { stream };
  return category === undefined ? { all: true } : { stream: `$ce-${category}` };
}

async function lastEntries(
  reader: Pick<EventReader, "read">,
  source: Source,
  limit: number,
  signal: AbortSignal,
): Promise<readonly StreamEntry[]> {
  const found: StreamEntry[] = [];
  let from: "end" | RecordedEvent["revision"] = "end";
  // Places in the log are no revisions, to be counted down: what reads it all gets it in one piece.
  const most = "all" in source ? limit : PAGE;
  while (found.length < limit) {
    const options = {
      direction: "backwards" as Direction,
      limit: Math.min(most, limit - found.length),
      followsLinks: true,
    };
    const page: Page = await reader.read(source, { ...options, from, signal }).catch((error: unknown) => {
      if (error instanceof StreamNotFoundError) return { entries: [], isEnd: true };
      throw error;
    });
    found.push(...page.entries);
    const oldest = page.entries.at(-1)?.recorded.revision;
    if (page.isEnd || oldest === undefined || oldest === 0 || "all" in source) break;
    from = before(oldest);
  }
  return found.toReversed();
}

const before = (revision: RecordedEvent["revision"]): RecordedEvent["revision"] =>
  typeof revision === "bigint" ? revision - 1n : revision - 1;

const isLink = ({ recorded, target }: StreamEntry): boolean => target !== undefined || recorded.type === "$>";

function eventOf(entry: StreamEntry): ScriptEvent {
  if (!isLink(entry)) return { event: recordOf(entry.recorded) };
  const link = recordOf(entry.recorded);
  return entry.target === undefined ? { link } : { event: recordOf(entry.target), link };
}

const recordOf = ({ position, revision, ...rest }: RecordedEvent): ScriptRecord => ({
  ...rest,
  revision: Number(revision),
  position: Number(position.commit),
});

function lineOf(entry: StreamEntry, step: ScriptStep, { kind, script }: DryRunOptions): DryRunLine {
  const { recorded, target } = entry;
  const event = target ?? recorded;
  return {
    number: String(recorded.revision),
    stream: event.stream,
    revision: String(event.revision),
    type: event.type,
    outcome: outcomeOf(entry, step, kind, script),
  };
}

function outcomeOf(entry: StreamEntry, step: ScriptStep, kind: ProjectionKind, script: string): DryRunLine["outcome"] {
  if (step.kind === "fault") return step;
  if (step.kind === "processed" && step.emitted.length > 0) {
    return { kind: "linked", to: step.emitted.map(({ stream }) => stream) };
  }
  const isSystem = isLink(entry)
    ? entry.target === undefined || entry.target.type.startsWith("$")
    : entry.recorded.type.startsWith("$");
  if (isSystem) return { kind: "passed-over", why: "system" };
  if (step.kind === "unhandled") return { kind: "passed-over", why: "type" };
  if (step.kind === "no-json") return { kind: "passed-over", why: "no-json" };
  return { kind: "passed-over", why: whyOf(entry, kind, script) };
}

/** Generated scripts pass over what lies outside of where they begin and end, and what nothing subscribes to. */
function whyOf({ recorded, target }: StreamEntry, kind: ProjectionKind, script: string): PassedOver {
  const type = target?.type ?? recorded.type;
  const at = positionIn(recorded);
  if (kind === "router") return Number(recorded.revision) < readRouter(script) ? "before" : "script";
  if (kind === "category-router") return at < readRouter(script) ? "before" : "script";
  const bases = basesOf(target ?? recorded);
  const spans =
    kind === "filter"
      ? [...readFilter(script)].map(([pattern, from]) => ({ pattern, from, until: Number.POSITIVE_INFINITY }))
      : [...readBackfill(script)].map(([pattern, span]) => ({ pattern, ...span }));
  const fitting = spans.filter(({ pattern }) => matches(pattern, type, bases));
  if (fitting.length === 0) return "type";
  if (fitting.every(({ from }) => at < from)) return "before";
  return fitting.every(({ until }) => at >= until) ? "behind" : "script";
}

/** The log position that projections see, which stands in the link's metadata. */
const positionIn = (link: RecordedEvent): number => Number(metadataOf(link)["$c"] ?? Number.NaN);

function basesOf(event: RecordedEvent): readonly string[] {
  const said = metadataOf(event)["sluice.baseTypes"];
  return typeof said === "string" ? said.split(",") : [];
}

function metadataOf({ metadata }: RecordedEvent): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(new TextDecoder().decode(metadata))) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
