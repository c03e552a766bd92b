import { component, view } from "@sluice/transport";
import {
  AccountOpened,
  Confirmed,
  CreditPreparationFailed,
  CreditSettled,
  CreditUndone,
  DebitPreparationFailed,
  DebitSettled,
  DebitUndone,
  type Entry,
  Prepared,
  TransactionCancelled,
} from "./messages.ts";

export interface Ledger {
  /** Cents. */
  readonly balances: Map<string, number>;
  /** All the money with which accounts were opened. Cents. */
  opening: number;
  /** What was asked for and is neither confirmed nor canceled. */
  readonly underWay: Set<string>;
  readonly confirmed: Set<string>;
  /** Accounts that have still to settle a transaction, or to take back what they had promised. */
  readonly unsettled: Set<string>;
  /** With the reason. */
  readonly canceled: Map<string, string>;
}

/**
 * The books as everybody sees them. `Confirmed` is the first event of an append that holds both entries, so whoever sees it may
 * write both down in one step: they are stored. Whoever wrote them down one by one, as `Debited` and `Credited` come along, could
 * be looked at in between.
 */
export const ledger = view(
  "ledger",
  (): Ledger => ({
    balances: new Map(),
    opening: 0,
    underWay: new Set(),
    unsettled: new Set(),
    confirmed: new Set(),
    canceled: new Map(),
  }),
  (v) => {
    v.on(AccountOpened, (state, { accountId, balance }) => {
      add(state.balances, accountId, balance);
      state.opening += balance;
    });
    v.on(Prepared, ({ underWay, unsettled }, { transactionId, from, to }) => {
      underWay.add(transactionId);
      unsettled.add(`${transactionId} ${from}`).add(`${transactionId} ${to}`);
    });
    v.on(Confirmed, ({ balances, underWay, confirmed }, { transactionId, from, to, amount }) => {
      add(balances, from, -amount);
      add(balances, to, amount);
      underWay.delete(transactionId);
      confirmed.add(transactionId);
    });
    v.on(TransactionCancelled, ({ underWay, canceled }, { transactionId, reason }) => {
      underWay.delete(transactionId);
      canceled.set(transactionId, reason);
    });
    const over = ({ unsettled }: Ledger, { transactionId, accountId }: Entry): void =>
      void unsettled.delete(`${transactionId} ${accountId}`);
    for (const end of [DebitSettled, CreditSettled, DebitUndone, CreditUndone]) v.on(end, over);
    for (const refusal of [DebitPreparationFailed, CreditPreparationFailed]) v.on(refusal, over);
  },
);

function add(balances: Map<string, number>, accountId: string, amount: number): void {
  balances.set(accountId, (balances.get(accountId) ?? 0) + amount);
}

/** All the money there is. */
export const totalOf = ({ balances }: Ledger): number =>
  [...balances.values()].reduce((sum, balance) => sum + balance, 0);

export const books = component("books", (c) => c.view(ledger));
