import type { Consumer, ConsumerIdentity } from "./consumer.ts";
import type { GroupConfig } from "./group-config.ts";
import type { Measurement } from "./measurements.ts";

export interface ConsumerInfo extends ConsumerIdentity {
  /** Messages a second since it joined. */
  readonly averagePerSecond: number;
  readonly totalItems: number;
  /** Since the last info. */
  readonly countSinceLastMeasurement: number;
  readonly measurements: readonly Measurement[];
  readonly availableSlots: number;
  readonly inFlight: number;
}

/** A group as an info shows it (spec 2.6). */
export interface GroupInfo {
  readonly config: GroupConfig;
  /** Names of states joined by ", "; "Live" for one that has caught up. */
  readonly status: string;
  readonly consumers: readonly ConsumerInfo[];
  readonly averagePerSecond: number;
  readonly totalItems: number;
  readonly countSinceLastMeasurement: number;
  readonly lastCheckpoint: number | undefined;
  /** Where the last record lay that was read to be delivered. */
  readonly lastKnown: number | undefined;
  readonly readBuffer: number;
  readonly liveBuffer: number;
  readonly retryBuffer: number;
  /** Held by consumers. */
  readonly inFlight: number;
  /** Delivered and not settled. */
  readonly outstanding: number;
  readonly parked: number;
}

export function infoOf(consumer: Consumer, now: number): ConsumerInfo {
  return {
    ...consumer.identity,
    averagePerSecond: consumer.throughput.perSecond(now),
    totalItems: consumer.throughput.total,
    countSinceLastMeasurement: consumer.throughput.sinceLastAsked(),
    measurements: consumer.measurements.summary(),
    availableSlots: Math.max(0, consumer.slots - consumer.inFlight),
    inFlight: consumer.inFlight,
  };
}
