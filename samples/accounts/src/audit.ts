import type { Reading } from "@sluice/sample-display";
import { type Account, account } from "./account.ts";
import {
  AccountOpened,
  Confirmed,
  Credited,
  Debited,
  type Entry,
  type NewAccount,
  Prepared,
  TransactionCancelled,
} from "./messages.ts";
import { isWithinRules } from "./rules.ts";

/** What the streams say of all transfers. */
export interface Audit {
  /** Transfers that were asked for. */
  readonly transfers: number;
  readonly confirmed: number;
  readonly canceled: number;
  /** Transactions that have one entry without the other, or one twice. */
  readonly torn: number;
  /** What transactions still have to hear of accounts, or accounts of transactions. */
  readonly unsettled: number;
  /** Times that an account was not as its rules allow. */
  readonly broken: number;
  /** Accounts whose balance is not what the entries make of it. */
  readonly wrong: number;
  /** All the money there is in cents: when the accounts were opened, and now. */
  readonly opening: number;
  readonly closing: number;
}

/** Reads the streams of all transactions and all accounts. It asks no component and no view. */
export async function audit(reading: Reading): Promise<Audit & { readonly accounts: ReadonlyMap<string, Account> }> {
  const books = new Map<string, number>();
  const add = (accountId: string, amount: number): void =>
    void books.set(accountId, (books.get(accountId) ?? 0) + amount);

  const transactions = new Map<string, string[]>();
  for (const { type, data } of await reading.stream("$ce-transaction")) {
    const { transactionId, accountId, amount } = data as unknown as Entry;
    transactions.set(transactionId, [...(transactions.get(transactionId) ?? []), type]);
    if (type === Debited.type) add(accountId, -amount);
    if (type === Credited.type) add(accountId, amount);
  }

  const accounts = new Map<string, Account>();
  let [opening, broken] = [0, 0];
  for (const { type, data } of await reading.stream("$ce-account")) {
    const { accountId, balance } = data as unknown as NewAccount;
    if (type === AccountOpened.type) {
      add(accountId, balance);
      opening += balance;
    }
    const fact = { definition: { kind: "event", type }, body: data as object } as const;
    const now = account.evolve(accounts.get(accountId) ?? account.initial, fact);
    accounts.set(accountId, now);
    if (!isWithinRules(now)) broken += 1;
  }

  const histories = [...transactions.values()];
  const having = ({ type }: { readonly type: string }): number => histories.filter((t) => t.includes(type)).length;
  const over = [...accounts.values()].flatMap(({ parts }) => Object.values(parts)).filter((part) => part === "over");
  const [transfers, confirmed, canceled] = [having(Prepared), having(Confirmed), having(TransactionCancelled)];
  return {
    transfers,
    confirmed,
    canceled,
    torn: histories.filter(isTorn).length,
    unsettled: transfers - confirmed - canceled + 2 * transfers - over.length,
    broken,
    wrong: [...accounts].filter(([accountId, { balance }]) => balance !== (books.get(accountId) ?? 0)).length,
    opening,
    closing: [...accounts.values()].reduce((sum, { balance }) => sum + balance, 0),
    accounts,
  };
}

/** It has both entries, and is confirmed, or it has neither. */
function isTorn(types: readonly string[]): boolean {
  const [confirmed, debits, credits] = [Confirmed, Debited, Credited].map(
    (definition) => types.filter((type) => type === definition.type).length,
  );
  return debits !== confirmed || credits !== confirmed || Number(confirmed) > 1;
}

/** Whether what both invariants demand is so, and nothing is left to do. */
export function holds({
  transfers,
  confirmed,
  canceled,
  torn,
  unsettled,
  broken,
  wrong,
  opening,
  closing,
}: Audit): boolean {
  const isWhole = torn === 0 && unsettled === 0 && confirmed + canceled === transfers;
  return isWhole && broken === 0 && wrong === 0 && opening === closing;
}
