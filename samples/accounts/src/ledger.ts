import { component, view } from "@sluice/transport";
import { AccountOpened, Confirmed, Prepared, TransactionCancelled } from "./messages.ts";

export interface Ledger {
  /** Cents. */
  readonly balances: Map<string, number>;
  /** What was asked for and is neither confirmed nor cancelled. */
  readonly underWay: Set<string>;
  readonly confirmed: Set<string>;
  /** With the reason. */
  readonly cancelled: Map<string, string>;
}

/**
 * The books as everybody sees them. `Confirmed` is the first event of an append that holds both entries, so whoever sees it may
 * write both down in one step: they are stored. Whoever wrote them down one by one, as `Debited` and `Credited` come along, could
 * be looked at in between.
 */
export const ledger = view(
  "ledger",
  (): Ledger => ({ balances: new Map(), underWay: new Set(), confirmed: new Set(), cancelled: new Map() }),
  (v) => {
    v.on(AccountOpened, ({ balances }, { accountId, balance }) => add(balances, accountId, balance));
    v.on(Prepared, ({ underWay }, { transactionId }) => void underWay.add(transactionId));
    v.on(Confirmed, ({ balances, underWay, confirmed }, { transactionId, from, to, amount }) => {
      add(balances, from, -amount);
      add(balances, to, amount);
      underWay.delete(transactionId);
      confirmed.add(transactionId);
    });
    v.on(TransactionCancelled, ({ underWay, cancelled }, { transactionId, reason }) => {
      underWay.delete(transactionId);
      cancelled.set(transactionId, reason);
    });
  },
);

function add(balances: Map<string, number>, accountId: string, amount: number): void {
  balances.set(accountId, (balances.get(accountId) ?? 0) + amount);
}

/** All the money there is. */
export const totalOf = ({ balances }: Ledger): number =>
  [...balances.values()].reduce((sum, balance) => sum + balance, 0);

export const books = component("books", (c) => c.view(ledger));
