import type { Meter, ObservableGauge } from "@opentelemetry/api";
import type { Instrumentation } from "../../endpoint/instrumentation.ts";
import { GAUGES, type Instrument, INSTRUMENTS } from "../instruments.ts";
import { firstMeasurements, healthMeasurements, type Measurement } from "../measurements.ts";
import { measuring } from "../measuring.ts";

/** Measures what happens with the instruments of a meter. What waits in queues is asked of the server when a reader reads. */
export function metering(
  meter: Meter,
  now: () => number,
): Required<Pick<Instrumentation, "process" | "send" | "on" | "watch">> {
  const recorders = new Map<Instrument, (value: number, attributes: Measurement["attributes"]) => void>();
  for (const instrument of Object.values<Instrument>(INSTRUMENTS)) {
    const { name, kind, unit, description, buckets } = instrument;
    if (kind === "counter") {
      const counter = meter.createCounter(name, { unit, description });
      recorders.set(instrument, (value, attributes) => counter.add(value, attributes));
    } else if (kind === "histogram") {
      const advice = buckets === undefined ? {} : { advice: { explicitBucketBoundaries: [...buckets] } };
      const histogram = meter.createHistogram(name, { unit, description, ...advice });
      recorders.set(instrument, (value, attributes) => histogram.record(value, attributes));
    }
  }
  const gauges = new Map<Instrument, ObservableGauge>(
    GAUGES.map((gauge) => {
      const { name, unit, description } = gauge;
      return [gauge, meter.createObservableGauge(name, { unit, description })];
    }),
  );
  const record = ({ instrument, value, attributes }: Measurement): void =>
    recorders.get(instrument)?.(value, attributes);
  return {
    ...measuring(record, now),
    watch(endpoint) {
      firstMeasurements(endpoint.components).forEach(record);
      const observe: Parameters<Meter["addBatchObservableCallback"]>[0] = async (result) => {
        for (const { instrument, value, attributes } of healthMeasurements(await endpoint.health())) {
          const gauge = gauges.get(instrument);
          if (gauge !== undefined) result.observe(gauge, value, attributes);
        }
      };
      const observed = [...gauges.values()];
      meter.addBatchObservableCallback(observe, observed);
      return () => meter.removeBatchObservableCallback(observe, observed);
    },
  };
}
