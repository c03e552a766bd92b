import { aggregate, component } from "@sluice/transport";
import {
  ConfirmCredit,
  ConfirmDebit,
  Confirmed,
  CreditConfirmed,
  Credited,
  CreditPreparationFailed,
  CreditPrepared,
  DebitConfirmed,
  Debited,
  DebitPreparationFailed,
  DebitPrepared,
  type MoneyTransfer,
  Prepared,
  RejectTransaction,
  TransactionCancelled,
  Transfer,
} from "./messages.ts";

export interface Transaction {
  readonly transfer?: MoneyTransfer;
  readonly debit: boolean;
  readonly credit: boolean;
  readonly isOver: boolean;
}

const byTransaction = ({ transactionId }: { readonly transactionId: string }): string => transactionId;

/**
 * A transaction, in the stream `transaction-<id>`. It asks two accounts and hears two answers, in either order. One no and it is
 * canceled. With the second yes it is confirmed, and both entries are written in the same append: nobody can find one of them.
 */
export const transaction = aggregate(
  "transaction",
  { debit: false, credit: false, isOver: false } as Transaction,
  { events: [Prepared, DebitConfirmed, CreditConfirmed, Confirmed, Debited, Credited, TransactionCancelled] },
  (a) => {
    a.decide(Transfer, byTransaction, (state, transfer) => (state.transfer === undefined ? Prepared(transfer) : []));
    a.decide(ConfirmDebit, byTransaction, ({ transfer, debit, credit, isOver }, { transactionId }) => {
      if (transfer === undefined || debit || isOver) return [];
      return [DebitConfirmed({ transactionId }), ...(credit ? bothEntries(transfer) : [])];
    });
    a.decide(ConfirmCredit, byTransaction, ({ transfer, debit, credit, isOver }, { transactionId }) => {
      if (transfer === undefined || credit || isOver) return [];
      return [CreditConfirmed({ transactionId }), ...(debit ? bothEntries(transfer) : [])];
    });
    a.decide(RejectTransaction, byTransaction, ({ transfer, isOver }, { reason }) =>
      transfer === undefined || isOver ? [] : TransactionCancelled({ ...transfer, reason }),
    );

    a.evolve(Prepared, (state, transfer) => ({ ...state, transfer }));
    a.evolve(DebitConfirmed, (state) => ({ ...state, debit: true }));
    a.evolve(CreditConfirmed, (state) => ({ ...state, credit: true }));
    a.evolve(Confirmed, (state) => ({ ...state, isOver: true }));
    a.evolve(TransactionCancelled, (state) => ({ ...state, isOver: true }));
    a.evolve(Debited);
    a.evolve(Credited);
  },
);

/** What a decision returns is one append to one stream: stored whole, or not at all. */
function bothEntries(transfer: MoneyTransfer) {
  const { transactionId, from, to, amount } = transfer;
  return [
    Confirmed(transfer),
    Debited({ transactionId, accountId: from, amount }),
    Credited({ transactionId, accountId: to, amount }),
  ];
}

/** The receptor notifies a transaction of what accounts tell about it. */
export const transactions = component("transactions", (c) => {
  c.receptor(DebitPrepared, ({ transactionId }) => ConfirmDebit({ transactionId }));
  c.receptor(CreditPrepared, ({ transactionId }) => ConfirmCredit({ transactionId }));
  c.receptor(DebitPreparationFailed, ({ transactionId, accountId, reason }) =>
    RejectTransaction({ transactionId, reason: `${accountId} refused: ${reason}` }),
  );
  c.receptor(CreditPreparationFailed, ({ transactionId, accountId, reason }) =>
    RejectTransaction({ transactionId, reason: `${accountId} refused: ${reason}` }),
  );
  c.aggregate(transaction);
});
