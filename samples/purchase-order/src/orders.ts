import { createHash } from "node:crypto";
import type { Goods, PurchaseOrder } from "./messages.ts";

const GOODS: readonly Goods[] = ["copper", "timber", "wool", "wheat"];
const BUYERS = ["Ada", "Bruno", "Chioma", "Dario", "Elif", "Farid", "Greta", "Hana"] as const;
/** Orders for one kind of goods in one week: together never more than its suppliers have. */
const ORDERS_A_WEEK = 8;
const WEEKS = 52;

/**
 * The n-th order of a market, 0 the first. It is the same each time it is asked for, so that whoever places orders can die, come
 * back, and place the same ones.
 */
export function orderOf(market: string, n: number): PurchaseOrder {
  const orderId = `${market}.${n}`;
  const chance = createHash("sha256").update(orderId).digest();
  const week = Math.floor(n / (GOODS.length * ORDERS_A_WEEK));
  return {
    orderId,
    market,
    buyer: BUYERS[chance.readUInt8(0) % BUYERS.length] ?? BUYERS[0],
    goods: GOODS[n % GOODS.length] ?? "wheat",
    tonnes: 5 + (chance.readUInt8(1) % 40),
    week: `${2027 + Math.floor(week / WEEKS)}.W${String(1 + (week % WEEKS)).padStart(2, "0")}`,
  };
}
