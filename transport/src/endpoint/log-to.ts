import type { EndpointEvent } from "./endpoint-event.ts";
import { type LogLevel, logLevelOf, type LogRecord, logRecordOf } from "./log-record.ts";

/** A logger that takes fields and a line, as those of pino and bunyan do. */
export type StructuredLogger = Readonly<Record<LogLevel, (fields: object, message: string) => void>>;

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/**
 * Makes an observer for `on` that logs each event: to a logger such as pino's, to a function of your own, or where nothing is given
 * to stderr, one line each. What matters less than `level` is left out: default `info`; `debug` has a line for each message that is
 * handled.
 *
 * ```ts
 * await startEndpoint(components, { connectionString, on: logTo(pino()) });
 * await startEndpoint(components, { connectionString, on: logTo(({ level, message }) => console.log(level, message)) });
 * ```
 */
export function logTo(
  target: StructuredLogger | ((record: LogRecord) => void) = printLine,
  { level = "info" }: { readonly level?: LogLevel } = {},
): (event: EndpointEvent) => void {
  const least = ORDER.indexOf(level);
  return (event) => {
    if (ORDER.indexOf(logLevelOf(event)) < least) return;
    const record = logRecordOf(event);
    if (typeof target === "function") target(record);
    else target[record.level](record.fields, record.message);
  };
}

function printLine({ level, message }: LogRecord): void {
  process.stderr.write(`${new Date().toISOString()} ${level.padEnd(5)} sluice: ${message}\n`);
}
