import type { Order } from "./messages.ts";

/** Cents a copy. */
const PRICES: Readonly<Record<string, number>> = { "Kind of Blue": 24_00, "Blue Train": 29_50, "Time Out": 19_90 };

/** What customers of a record shop want in one morning: most is easy; two cards are declined, two banks are slow, one record sells out. */
export const ORDERS: readonly Order[] = (
  [
    ["Ada", 1, "Kind of Blue", "good"],
    ["Bruno", 2, "Time Out", "good"],
    ["Chioma", 2, "Blue Train", "good"],
    ["Dario", 1, "Kind of Blue", "declined"],
    ["Elif", 1, "Time Out", "slow"],
    ["Farid", 2, "Blue Train", "good"],
    ["Greta", 2, "Kind of Blue", "good"],
    ["Hana", 1, "Time Out", "declined"],
    ["Ivo", 1, "Kind of Blue", "slow"],
    ["Jun", 1, "Blue Train", "good"],
    ["Kofi", 3, "Kind of Blue", "good"],
    ["Lena", 3, "Time Out", "good"],
  ] as const
).map(([customer, copies, record, card], n) => ({
  orderId: `order.${n + 1}`,
  customer,
  copies,
  record,
  card,
  total: copies * (PRICES[record] ?? 0),
}));
