import { createHash } from "node:crypto";
import type { MoneyTransfer, NewAccount } from "./messages.ts";

/** The accounts of this sample: some of each kind. */
export const ACCOUNTS: readonly NewAccount[] = [
  { accountId: "ada", kind: "normal", balance: 500_00, limit: 0 },
  { accountId: "bruno", kind: "normal", balance: 300_00, limit: 0 },
  { accountId: "chioma", kind: "normal", balance: 250_00, limit: 0 },
  { accountId: "dario", kind: "normal", balance: 40_00, limit: 0 },
  { accountId: "savings", kind: "credit-only", balance: 0, limit: 0 },
  { accountId: "voucher", kind: "debit-only", balance: 200_00, limit: 0 },
  { accountId: "visa", kind: "credit-card", balance: -150_00, limit: 400_00 },
];

/** Who gives and who takes, some more often. Now and then one is asked for what it never does, or for more than it has. */
const GIVING = [
  "ada",
  "ada",
  "ada",
  "bruno",
  "bruno",
  "chioma",
  "chioma",
  "dario",
  "voucher",
  "voucher",
  "visa",
  "savings",
];
const TAKING = ["ada", "bruno", "bruno", "chioma", "chioma", "dario", "dario", "savings", "visa", "visa", "voucher"];

/** The n-th transfer, 0 the first: the same each time, so that whoever asks for it may die, come back, and ask for it again. */
export function transferOf(n: number): MoneyTransfer {
  const [giving = 0, taking = 0, euros = 0, cents = 0] = createHash("sha256").update(`transfer ${n}`).digest();
  const from = GIVING[giving % GIVING.length] ?? "";
  const others = TAKING.filter((name) => name !== from);
  const to = others[taking % others.length] ?? "";
  return { transactionId: `transfer.${n}`, from, to, amount: (1 + (euros % 25)) * 100 + (cents % 100) };
}
