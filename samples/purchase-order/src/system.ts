import { accounting } from "./accounting.ts";
import { fees } from "./fees.ts";
import { fulfillment } from "./fulfillment.ts";
import { matching } from "./matching.ts";
import { notices } from "./notices.ts";
import { ordering } from "./ordering.ts";
import { reporting } from "./overview.ts";
import { settlement } from "./settlement.ts";

/** All components. */
export const system = [ordering, matching, settlement, fulfillment, fees, accounting, notices, reporting];

/**
 * What runs beside them: a second instance of those that have most to do. The instances of a component share its queue, and what one has begun
 * and not ended when it dies another does. Here all run in one process; each could run in one of its own.
 */
export const furtherInstances = [[settlement, fulfillment]];
