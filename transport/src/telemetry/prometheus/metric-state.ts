import type { Instrument } from "../instruments.ts";
import type { Attributes } from "../attributes.ts";
import type { Measurement } from "../measurements.ts";

/** What was measured of an instrument under one set of attributes. */
export type Series = { readonly attributes: Attributes } & (
  | { readonly kind: "value"; readonly value: number }
  /** Values in each bucket, and above the last bound. */
  | { readonly kind: "histogram"; readonly counts: readonly number[]; readonly sum: number }
);

/** Series of one instrument at most, as OpenTelemetry has it; what is more counts together. */
const MOST = 2_000;
const OVERFLOW: Attributes = { "otel.metric.overflow": true };

/** What was measured since the start, as numbers. */
export class MetricState {
  readonly #instruments = new Map<Instrument, Map<string, Series>>();

  /** Adds to counters and histograms; a gauge has its last value. */
  readonly record = ({ instrument, value, attributes }: Measurement): void => {
    let all = this.#instruments.get(instrument);
    if (all === undefined) this.#instruments.set(instrument, (all = new Map()));
    const key = JSON.stringify(attributes);
    if (all.has(key) || all.size < MOST - 1) all.set(key, after(all.get(key), instrument, value, attributes));
    else all.set("", after(all.get(""), instrument, value, OVERFLOW));
  };

  /** The series of each instrument that has any. */
  get instruments(): ReadonlyMap<Instrument, readonly Series[]> {
    return new Map([...this.#instruments].map(([instrument, series]) => [instrument, [...series.values()]]));
  }
}

/** A series after one more value. */
export function after(
  before: Series | undefined,
  { kind, buckets = [] }: Instrument,
  value: number,
  attributes: Attributes,
): Series {
  if (kind !== "histogram") {
    const sum = kind === "counter" && before?.kind === "value" ? before.value : 0;
    return { kind: "value", attributes, value: sum + value };
  }
  const { counts, sum } =
    before?.kind === "histogram" ? before : { counts: Array.from({ length: buckets.length + 1 }, () => 0), sum: 0 };
  const bound = buckets.findIndex((bound) => value <= bound);
  const index = bound === -1 ? buckets.length : bound;
  return { kind: "histogram", attributes, counts: counts.with(index, (counts[index] ?? 0) + 1), sum: sum + value };
}
