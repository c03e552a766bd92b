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

export type AccountKind = "normal" | "credit-only" | "debit-only" | "credit-card";

export interface NewAccount {
  readonly accountId: string;
  readonly kind: AccountKind;
  readonly balance: number;
  /** What a credit card may owe; 0 for all others. */
  readonly limit: number;
}

/** What can never be a transfer is refused at the edge, where it is sent. A schema of zod, valibot or arktype would do the same. */
const transfer: StandardSchema<MoneyTransfer> = {
  "~standard": {
    version: 1,
    vendor: "accounts",
    validate(value) {
      const { transactionId, from, to, amount } = value as Partial<MoneyTransfer>;
      const issues = [
        ...(transactionId ? [] : [{ message: "must be a name", path: ["transactionId"] }]),
        ...(from && to && from !== to ? [] : [{ message: "must be two accounts", path: ["from"] }]),
        ...(Number.isSafeInteger(amount) && Number(amount) > 0
          ? []
          : [{ message: "must be cents, 1 or more", path: ["amount"] }]),
      ];
      return issues.length > 0 ? { issues } : { value: value as MoneyTransfer };
    },
  },
};

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
export const OpenAccount = command("accounts.OpenAccount", { to: "accounts" })<NewAccount>();
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
