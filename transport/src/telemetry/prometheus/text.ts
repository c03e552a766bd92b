import type { Attributes } from "../attributes.ts";
import type { Instrument } from "../instruments.ts";
import type { Series } from "./metric-state.ts";

/**
 * Writes what was measured in Prometheus' text format (version 0.0.4). Names are made from OpenTelemetry's by its own rules for
 * Prometheus, so that the same queries fit both: `messaging.process.duration` in `s` is `messaging_process_duration_seconds`.
 */
export function prometheusText(instruments: ReadonlyMap<Instrument, readonly Series[]>): string {
  return [...instruments].map(([instrument, series]) => family(instrument, series)).join("");
}

function family(instrument: Instrument, series: readonly Series[]): string {
  const name = prometheusName(instrument);
  const { kind, description, buckets = [] } = instrument;
  const samples = series.flatMap((one) => samplesOf(name, one, buckets));
  return [`# HELP ${name} ${escaped(description)}`, `# TYPE ${name} ${kind}`, ...samples, ""].join("\n");
}

function samplesOf(name: string, series: Series, buckets: readonly number[]): readonly string[] {
  const { attributes } = series;
  if (series.kind === "value") return [sample(name, attributes, series.value)];
  let count = 0;
  const cumulated = series.counts.map((inBucket, index) => {
    count += inBucket;
    return sample(`${name}_bucket`, { ...attributes, le: valueText(buckets[index] ?? Infinity) }, count);
  });
  return [...cumulated, sample(`${name}_sum`, attributes, series.sum), sample(`${name}_count`, attributes, count)];
}

function sample(name: string, attributes: Attributes, value: number): string {
  const labels = Object.entries(attributes).map(
    ([key, said]) => `${labelName(key)}="${escaped(String(said)).replaceAll('"', String.raw`\"`)}"`,
  );
  return `${name}${labels.length === 0 ? "" : `{${labels.join(",")}}`} ${valueText(value)}`;
}

const UNITS: Readonly<Record<string, string>> = { s: "_seconds", By: "_bytes" };

/** The name of an instrument in Prometheus. */
export const prometheusName = ({ name, unit, kind }: Instrument): string =>
  `${labelName(name)}${UNITS[unit] ?? ""}${kind === "counter" ? "_total" : ""}`;

const labelName = (name: string): string => name.replaceAll(/\W/g, "_");

const escaped = (text: string): string => text.replaceAll("\\", String.raw`\\`).replaceAll("\n", String.raw`\n`);

function valueText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}
