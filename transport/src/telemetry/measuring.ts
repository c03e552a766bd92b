import type { Instrumentation } from "../endpoint/instrumentation.ts";
import {
  attemptMeasurements,
  type Measurement,
  measurementsOf,
  type Outcome,
  sendMeasurements,
} from "./measurements.ts";

/** Runs around work: how long it took is told when it has ended, and how it ended. */
async function timed(
  run: () => Promise<void>,
  now: () => number,
  ended: (seconds: number, outcome: Outcome) => void,
): Promise<void> {
  const begun = now();
  const seconds = (): number => (now() - begun) / 1_000;
  try {
    await run();
  } catch (error) {
    ended(seconds(), { error });
    throw error;
  }
  ended(seconds(), undefined);
}

/**
 * Measures what happens.
 * @param record takes each value.
 * @param now milliseconds since any fixed moment.
 */
export function measuring(
  record: (measurement: Measurement) => void,
  now: () => number,
): Required<Pick<Instrumentation, "process" | "send" | "on">> {
  return {
    process: (attempt, run) =>
      timed(run, now, (seconds, outcome) => attemptMeasurements(attempt, seconds, outcome).forEach(record)),
    send: (sent, run) =>
      timed(run, now, (seconds, outcome) => sendMeasurements(sent, seconds, outcome).forEach(record)),
    on: (event) => measurementsOf(event).forEach(record),
  };
}
