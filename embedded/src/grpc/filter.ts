import type { LogRecord } from "../log/record.ts";
import { dotnetRegex } from "./dotnet-regex.ts";
import { handlerException } from "./errors.ts";
import type { Decoded } from "./wire/message.ts";
import type { filterOptions } from "./wire/streams.ts";

/** Whether a record of `$all` is wanted. It sees the record as it lies in the log: a link, not what it leads to. */
export type RecordFilter = (record: LogRecord) => boolean;

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
  return filter.case === "streamIdentifier" ? (record) => wanted(record.stream) : (record) => wanted(record.type);
}

function textFilter(expression: {
  readonly regex: string;
  readonly prefix: readonly string[];
}): ((text: string) => boolean) | undefined {
  if (expression.regex !== "") {
    const regex = compiled(expression.regex);
    return (text) => regex.test(text);
  }
  const prefixes = expression.prefix.filter((prefix) => prefix !== "");
  if (prefixes.length < expression.prefix.length || prefixes.length === 0) return undefined;
  return (text) => prefixes.some((prefix) => text.startsWith(prefix));
}

function compiled(source: string): RegExp {
  try {
    return dotnetRegex(source);
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
