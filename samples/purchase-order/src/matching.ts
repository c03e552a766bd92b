import { aggregate, component } from "@sluice/transport";
import { type Order, OrderMatched, OrderPlaced, OrderRefused, PlaceOrder, type Trade } from "./messages.ts";

/** Who sells what at which price; the cheapest who is within the buyer's limit gets the order. */
const OFFERS: readonly { readonly supplier: string; readonly item: string; readonly price: number }[] = [
  { supplier: "Aalto", item: "chair", price: 4_990 },
  { supplier: "Birk", item: "chair", price: 5_450 },
  { supplier: "Birk", item: "table", price: 18_900 },
  { supplier: "Corvus", item: "table", price: 17_500 },
  { supplier: "Corvus", item: "lamp", price: 2_250 },
];

export function match({ orderId, buyer, item, quantity, limit }: Order): Trade | undefined {
  const offers = OFFERS.filter((offer) => offer.item === item && offer.price <= limit);
  const best = offers.toSorted((a, b) => a.price - b.price)[0];
  return best && { orderId, buyer, supplier: best.supplier, item, quantity, price: best.price };
}

/** An order, stream `order-<id>`: two pure functions. Whoever places it again changes nothing. */
export const order = aggregate("order", { isPlaced: false }, (a) => {
  a.decide(
    PlaceOrder,
    ({ orderId }) => orderId,
    (state, wanted) => {
      if (state.isPlaced) return [];
      const trade = match(wanted);
      const { orderId, item } = wanted;
      return [
        OrderPlaced(wanted),
        trade ? OrderMatched(trade) : OrderRefused({ orderId, reason: `nobody sells a ${item} within the limit` }),
      ];
    },
  );
  a.evolve(OrderPlaced, () => ({ isPlaced: true }));
});

export const matching = component("matching", (c) => c.aggregate(order));
