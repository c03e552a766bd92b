import { command, event, type StandardSchema } from "@sluice/transport";

/** All amounts are whole cents. */
export interface MoneyTransfer {
  /** Given by who asks for it, such as `transfer.17`: asked for again under the same id, it is the same transfer. */
  readonly transactionId: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** What one transaction means for one account. */
export interface Entry {
  readonly transactionId: string;
  readonly accountId: string;
  readonly amount: number;
}

interface Part {
  readonly transactionId: string;
}

interface Refused {
  readonly reason: string;
}

const KINDS = ["normal", "credit-only", "debit-only", "credit-card"] as const;
export type AccountKind = (typeof KINDS)[number];

export interface NewAccount {
  readonly accountId: string;
  readonly kind: AccountKind;
  readonly balance: number;
  /** What a credit card may owe; 0 for all others. */
  readonly limit: number;
}

/** What a property has to be, in words and as a question. */
type Rule<Body> = readonly [property: keyof Body & string, must: string, isSo: (body: Body) => boolean];

/** What can never be is refused at the edge, where it is sent. A schema of zod, valibot or arktype would do the same. */
const schemaOf = <Body>(...rules: readonly Rule<Body>[]): StandardSchema<Body> => ({
  "~standard": {
    version: 1,
    vendor: "accounts",
    validate(value) {
      const broken = rules.filter(([, , isSo]) => !isSo(Object(value) as Body));
      if (broken.length === 0) return { value: value as Body };
      return { issues: broken.map(([property, must]) => ({ message: `must be ${must}`, path: [property] })) };
    },
  },
});

const isName = (value: unknown): boolean => typeof value === "string" && value !== "";

const transfer = schemaOf<MoneyTransfer>(
  ["transactionId", "a name", ({ transactionId }) => isName(transactionId)],
  ["from", "two accounts", ({ from, to }) => isName(from) && isName(to) && from !== to],
  ["amount", "cents, 1 or more", ({ amount }) => Number.isSafeInteger(amount) && amount > 0],
);

const opening = schemaOf<NewAccount>(
  ["accountId", "a name", ({ accountId }) => isName(accountId)],
  ["kind", KINDS.join(" or "), ({ kind }) => KINDS.includes(kind)],
  ["limit", "cents, and 0 but for a credit card", ({ kind, limit }) => isLimit(kind, limit)],
  ["balance", "cents, and as its kind allows", ({ kind, balance, limit }) => isBalance(kind, balance, limit)],
);

function isLimit(kind: AccountKind, limit: number): boolean {
  return Number.isSafeInteger(limit) && (kind === "credit-card" ? limit >= 0 : limit === 0);
}

function isBalance(kind: AccountKind, balance: number, limit: number): boolean {
  return Number.isSafeInteger(balance) && (kind === "credit-card" ? balance <= 0 && balance >= -limit : balance >= 0);
}

// Transactions: what they take, and what they tell.
export const Transfer = command("transactions.Transfer", { to: "transactions" })(transfer);
export const ConfirmDebit = command("transactions.ConfirmDebit", { to: "transactions" })<Part>();
export const ConfirmCredit = command("transactions.ConfirmCredit", { to: "transactions" })<Part>();
export const RejectTransaction = command("transactions.RejectTransaction", { to: "transactions" })<Part & Refused>();
export const Prepared = event("transactions.Prepared")<MoneyTransfer>();
export const DebitConfirmed = event("transactions.DebitConfirmed")<Part>();
export const CreditConfirmed = event("transactions.CreditConfirmed")<Part>();
export const Confirmed = event("transactions.Confirmed")<MoneyTransfer>();
export const Debited = event("transactions.Debited")<Entry>();
export const Credited = event("transactions.Credited")<Entry>();
export const TransactionCancelled = event("transactions.TransactionCancelled")<MoneyTransfer & Refused>();

// Accounts: what they take, and what they tell.
export const OpenAccount = command("accounts.OpenAccount", { to: "accounts" })(opening);
export const PrepareDebit = command("accounts.PrepareDebit", { to: "accounts" })<Entry>();
export const PrepareCredit = command("accounts.PrepareCredit", { to: "accounts" })<Entry>();
export const UndoDebit = command("accounts.UndoDebit", { to: "accounts" })<Entry>();
export const UndoCredit = command("accounts.UndoCredit", { to: "accounts" })<Entry>();
export const SettleDebit = command("accounts.SettleDebit", { to: "accounts" })<Entry>();
export const SettleCredit = command("accounts.SettleCredit", { to: "accounts" })<Entry>();
export const AccountOpened = event("accounts.AccountOpened")<NewAccount>();
export const DebitPrepared = event("accounts.DebitPrepared")<Entry>();
export const DebitPreparationFailed = event("accounts.DebitPreparationFailed")<Entry & Refused>();
export const CreditPrepared = event("accounts.CreditPrepared")<Entry>();
export const CreditPreparationFailed = event("accounts.CreditPreparationFailed")<Entry & Refused>();
export const DebitUndone = event("accounts.DebitUndone")<Entry>();
export const CreditUndone = event("accounts.CreditUndone")<Entry>();
export const DebitSettled = event("accounts.DebitSettled")<Entry>();
export const CreditSettled = event("accounts.CreditSettled")<Entry>();
