import { aggregate, component } from "@sluice/transport";
import { AccountCredited, AccountDebited, BookPurchase, PurchaseBooked } from "./messages.ts";

/**
 * The journal of one order, in the stream `journal-<orderId>`. A double entry is several events, and they are one append: the
 * buyer owes the value, the supplier gets it less the fee, the fee is ours. So no reader ever sees debits without credits.
 */
export const journal = aggregate(
  "journal",
  { isBooked: false },
  { events: [AccountDebited, AccountCredited, PurchaseBooked] },
  (a) => {
    a.decide(
      BookPurchase,
      ({ orderId }) => orderId,
      (state, { orderId, buyer, supplier, value, fee }) =>
        state.isBooked
          ? []
          : [
              AccountDebited({ orderId, account: `buyers:${buyer}`, amount: value }),
              AccountCredited({ orderId, account: `suppliers:${supplier}`, amount: value - fee }),
              AccountCredited({ orderId, account: "income:fees", amount: fee }),
              PurchaseBooked({ orderId }),
            ],
    );
    a.evolve(AccountDebited);
    a.evolve(AccountCredited);
    a.evolve(PurchaseBooked, () => ({ isBooked: true }));
  },
);

export const accounting = component("accounting", (c) => c.aggregate(journal));
