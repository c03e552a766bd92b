import { aggregate, component } from "@sluice/transport";
import { BookTrade, type Entry, type Trade, TradeBooked } from "./messages.ts";
import { progress } from "./progress.ts";

/** The buyer owes the goods and the fee; the supplier gets the one, the house the other. */
export function entriesOf({ buyer, supplier, quantity, price, fee }: Trade & { readonly fee: number }): Entry[] {
  const goods = quantity * price;
  return [
    { account: `buyer ${buyer}`, side: "debit", amount: goods + fee },
    { account: `supplier ${supplier}`, side: "credit", amount: goods },
    { account: "fees", side: "credit", amount: fee },
  ];
}

/** The booking of one trade, stream `booking-<order>`. */
export const booking = aggregate("booking", { isBooked: false }, (a) => {
  a.decide(
    BookTrade,
    ({ orderId }) => orderId,
    (state, trade) => (state.isBooked ? [] : [TradeBooked({ orderId: trade.orderId, entries: entriesOf(trade) })]),
  );
  a.evolve(TradeBooked, () => ({ isBooked: true }));
});

export const accounting = component("accounting", (c) => {
  c.aggregate(booking);
  c.view(progress);
});
