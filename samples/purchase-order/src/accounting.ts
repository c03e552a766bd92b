import { aggregate, component } from "@sluice/transport";
import {
  AccountCredited,
  AccountDebited,
  BookPurchase,
  type OrderStep,
  type Posting,
  PurchaseBooked,
  PurchaseReversed,
  ReversePurchase,
} from "./messages.ts";

interface Journal {
  readonly debits: readonly Posting[];
  readonly credits: readonly Posting[];
  readonly isBooked: boolean;
  readonly isReversed: boolean;
}

const EMPTY: Journal = { debits: [], credits: [], isBooked: false, isReversed: false };

const byOrder = ({ orderId }: OrderStep): string => orderId;

/**
 * The journal of one order, in the stream `journal-<orderId>`. A double entry is several events, and they are one append: the
 * buyer owes the value, the supplier gets it less the fee, the fee is ours. So no reader ever sees debits without credits.
 *
 * What is booked stays. A purchase that comes to nothing is booked once more, the other way round.
 */
export const journal = aggregate(
  "journal",
  EMPTY,
  { events: [AccountDebited, AccountCredited, PurchaseBooked, PurchaseReversed] },
  (a) => {
    a.decide(BookPurchase, byOrder, ({ isBooked }, { orderId, buyer, supplier, value, fee }) =>
      isBooked
        ? []
        : [
            AccountDebited({ orderId, account: `buyers:${buyer}`, amount: value }),
            AccountCredited({ orderId, account: `suppliers:${supplier}`, amount: value - fee }),
            AccountCredited({ orderId, account: "income:fees", amount: fee }),
            PurchaseBooked({ orderId }),
          ],
    );
    a.decide(ReversePurchase, byOrder, ({ debits, credits, isBooked, isReversed }, { orderId }) =>
      !isBooked || isReversed
        ? []
        : [
            ...credits.map((posting) => AccountDebited(posting)),
            ...debits.map((posting) => AccountCredited(posting)),
            PurchaseReversed({ orderId }),
          ],
    );
    a.evolve(AccountDebited, (state, posting) => ({ ...state, debits: [...state.debits, posting] }));
    a.evolve(AccountCredited, (state, posting) => ({ ...state, credits: [...state.credits, posting] }));
    a.evolve(PurchaseBooked, (state) => ({ ...state, isBooked: true }));
    a.evolve(PurchaseReversed, (state) => ({ ...state, isReversed: true }));
  },
);

export const accounting = component("accounting", (c) => c.aggregate(journal));
