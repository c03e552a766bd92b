import { accounting } from "./accounting.ts";
import { fees } from "./fees.ts";
import { fulfilment } from "./fulfilment.ts";
import { matching } from "./matching.ts";
import { ordering } from "./ordering.ts";
import { reporting } from "./overview.ts";
import { settlement } from "./settlement.ts";

/** All components. Here they run in one process; each could run in one of its own, and in several. */
export const system = [ordering, matching, settlement, fulfilment, fees, accounting, reporting];
