import { table } from "@sluice/sample-display";
import type { Account } from "./account.ts";
import type { Audit } from "./audit.ts";
import { type Ledger, totalOf } from "./ledger.ts";
import type { MoneyTransfer } from "./messages.ts";
import { availableOf } from "./rules.ts";

const euros = new Intl.NumberFormat("en-US", { style: "currency", currency: "EUR" });

export const money = (cents: number): string => euros.format(cents / 100 + 0).padStart(11);

export function beginning(transfers: number, before: number): string {
  return `${transfers} transfers, ${before} of them asked for before.\n`;
}

export function transferLine({ transactionId, from, to, amount }: MoneyTransfer, reason: string | undefined): string {
  const what = `${transactionId.padEnd(13)}${money(amount)}  ${from.padEnd(7)} → ${to.padEnd(7)}`;
  return reason === undefined ? `${what}  ✓ both entries` : `${what}  ✗ canceled: ${reason}`;
}

/** What the books hold at this moment, while transfers go on. */
export function booksTable(books: Ledger): string {
  const balances = [...books.balances].map(([accountId, balance]) => [accountId, money(balance)]);
  const total = `${money(totalOf(books)).trim()} in all, at every moment; under way: ${books.underWay.size}`;
  return `\n${table([["account", "    balance"], ...balances])}\n${total}`;
}

/** How the accounts ended. */
export function accountTable(accounts: ReadonlyMap<string, Account>): string {
  const rows = [...accounts].map(([accountId, account]) => {
    return [accountId, account.kind ?? "", money(account.balance), money(availableOf(account))];
  });
  return `\n${table([["account", "kind", "    balance", "  available"], ...rows])}\n`;
}

export function auditText(found: Audit & { readonly seenTorn: number }): string {
  const { transfers, confirmed, canceled, torn, seenTorn, unsettled, broken, wrong, opening, closing } = found;
  return [
    `Of ${transfers} transfers ${confirmed} were confirmed and ${canceled} canceled; ${unsettled} parts are unsettled.`,
    `${torn} have one entry without the other, and ${seenTorn} times the books showed that.`,
    `${broken} times an account was not as its rules allow, and ${wrong} accounts are not what their entries say.`,
    `There were ${money(opening).trim()}, and there are ${money(closing).trim()}.`,
  ].join("\n");
}
