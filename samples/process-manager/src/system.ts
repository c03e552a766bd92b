import { reporting } from "./diary.ts";
import { fulfillment } from "./fulfillment.ts";
import { payments } from "./payments.ts";
import { shipping } from "./shipping.ts";
import { shop } from "./shop.ts";
import { warehouse } from "./warehouse.ts";

/** All components. Here they run in one process; each could run in one of its own, and in several. */
export const system = [shop, warehouse, payments, shipping, fulfillment, reporting];
