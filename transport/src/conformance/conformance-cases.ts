import type { ConformanceCase } from "./conformance-case.ts";
import { connectionCases } from "./cases/connection.ts";
import { crashCases } from "./cases/crashes.ts";
import { failureCases } from "./cases/failures.ts";
import { limitCases } from "./cases/limits.ts";
import { messageCases } from "./cases/messages.ts";
import { parkingCases } from "./cases/parking.ts";
import { publishingCases } from "./cases/publishing.ts";
import { sendingCases } from "./cases/sending.ts";
import { settlementCases } from "./cases/settlement.ts";
import { stoppingCases } from "./cases/stopping.ts";
import { subscribingCases } from "./cases/subscribing.ts";
import { timeCases } from "./cases/time.ts";

const CASES: readonly ConformanceCase[] = Object.freeze([
  ...messageCases,
  ...limitCases,
  ...stoppingCases,
  ...failureCases,
  ...settlementCases,
  ...parkingCases,
  ...crashCases,
  ...sendingCases,
  ...publishingCases,
  ...subscribingCases,
  ...timeCases,
  ...connectionCases,
]);

/** All cases, whatever they need. */
export function conformanceCases(): readonly ConformanceCase[] {
  return CASES;
}
