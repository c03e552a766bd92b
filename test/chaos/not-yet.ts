import type { FaultKind } from "./plan.ts";
import type { Finding } from "./settled.ts";

/**
 * What the transport does not stand yet, and so is left out: the one place for it. An entry goes when its reason does.
 *
 * - `older version started`: a deployment by an older version takes subscriptions back, and events are lost (behavior 59).
 */
export const WITHOUT_FAULTS: readonly FaultKind[] = ["older version started"];

/**
 * - `stored once`: an instance frozen beyond the message timeout stores its messages again under the same ids when it goes on
 *   (behavior 67), and of one id sent twice two instances handle one each (behavior 66). Receivers drop the repeats by id.
 */
export const WITHOUT_PROMISES: readonly Finding["promise"][] = ["stored once"];
