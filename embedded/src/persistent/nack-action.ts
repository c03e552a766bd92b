/**
 * What a consumer wants of a message it could not handle (spec 2.4).
 * `park`: into the parked stream. `retry`, `unknown`: again, or parked when the retries are used up. `skip`, `stop`: done with.
 */
export type NackAction = "unknown" | "park" | "retry" | "skip" | "stop";
