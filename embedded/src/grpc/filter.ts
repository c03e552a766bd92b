import type { LogRecord } from "../log/record.ts";
import { type BoundedPattern, boundedPattern, PatternTooSlowError } from "./bounded-pattern.ts";
import { handlerException, timedOut } from "./errors.ts";
import type { Decoded } from "./wire/message.ts";
import type { filterOptions } from "./wire/streams.ts";

/** Whether a record of `$all` is wanted. It sees the record as it lies in the log: a link, not what it leads to. */
export interface RecordFilter {
  (record: LogRecord): boolean;
  /** Makes it cheaper to ask for these records next. */
  readonly prepare?: (records: readonly LogRecord[]) => void;
}

type Options = Decoded<typeof filterOptions>;

const EVERYTHING: RecordFilter = () => true;

/** Records considered at a step where the client does not say. */
const DEFAULT_WINDOW = 32;

/** A filter from what the client sends. An expression or a list of prefixes that is empty wants everything (corrections 1.9). */
export function recordFilterOf(options: Options | undefined): RecordFilter {
  const filter = options?.filter;
  if (filter === undefined) return EVERYTHING;
  const wanted = textFilter(filter.value);
  if (wanted === undefined) return EVERYTHING;
  const textOf = filter.case === "streamIdentifier" ? streamOf : typeOf;
  return Object.assign((record: LogRecord) => wanted.test(textOf(record)), {
    prepare: (records: readonly LogRecord[]) => wanted.prepare(records.map(textOf)),
  });
}

const streamOf = ({ stream }: LogRecord): string => stream;
const typeOf = ({ type }: LogRecord): string => type;

function textFilter(expression: {
  readonly regex: string;
  readonly prefix: readonly string[];
}): BoundedPattern | undefined {
  if (expression.regex !== "") {
    const pattern = compiled(expression.regex);
    return { test: (text) => inTime(pattern, text), prepare: pattern.prepare };
  }
  const prefixes = expression.prefix.filter((prefix) => prefix !== "");
  if (prefixes.length < expression.prefix.length || prefixes.length === 0) return undefined;
  return { test: (text) => prefixes.some((prefix) => text.startsWith(prefix)), prepare: () => {} };
}

function inTime(pattern: BoundedPattern, text: string): boolean {
  try {
    return pattern.test(text);
  } catch (error) {
    throw error instanceof PatternTooSlowError ? timedOut(error.message, error) : error;
  }
}

function compiled(source: string): BoundedPattern {
  try {
    return boundedPattern(source);
  } catch (error) {
    throw handlerException(error);
  }
}

/** How often a filtered subscription tells how far it has come. */
export interface CheckpointPace {
  /** Records read at a step while catching up. */
  readonly window: number;
  /** Records considered, wanted or not, from one checkpoint to the next. */
  readonly interval: number;
}

/** The pace that a filter asks for; undefined without a filter, where there are no checkpoints. */
export function checkpointPaceOf(options: Options | undefined): CheckpointPace | undefined {
  if (options === undefined) return undefined;
  const window = options.window?.case === "max" ? options.window.value : DEFAULT_WINDOW;
  if (window === 0 || options.checkpointIntervalMultiplier === 0) throw handlerException();
  return { window, interval: window * options.checkpointIntervalMultiplier };
}
