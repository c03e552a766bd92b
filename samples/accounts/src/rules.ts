import type { AccountKind } from "./messages.ts";

/** The money of an account. Cents. */
export interface Funds {
  /** Undefined before it is opened. */
  readonly kind?: AccountKind;
  /** What it may owe. */
  readonly limit: number;
  /** What was settled. */
  readonly balance: number;
  /** Prepared to leave, and still in the balance. */
  readonly outgoing: number;
  /** Prepared to come, and not yet in the balance. */
  readonly incoming: number;
}

/** What can be promised to somebody: money that is prepared to leave is promised already, and money to come is not here yet. */
export const availableOf = ({ kind, balance, limit, outgoing }: Funds): number =>
  kind === "credit-only" ? 0 : balance + limit - outgoing;

/** Why an account will not give an amount; undefined where it will. */
export function debitVeto(funds: Funds, amount: number): string | undefined {
  if (funds.kind === undefined) return "there is no such account";
  if (funds.kind === "credit-only") return "it only takes money in";
  if (amount > availableOf(funds)) return "its available funds are too low";
  return undefined;
}

/** Why an account will not take an amount; undefined where it will. */
export function creditVeto(funds: Funds, amount: number): string | undefined {
  if (funds.kind === undefined) return "there is no such account";
  if (funds.kind === "debit-only") return "it only gives money out";
  const coming = funds.balance + funds.incoming + amount;
  if (funds.kind === "credit-card" && coming > 0) return "it owes less than that";
  // Beyond this, numbers have gaps, in which cents are lost.
  if (coming > Number.MAX_SAFE_INTEGER) return "it cannot hold that much";
  return undefined;
}

/** Whether an account is as its rules allow, whatever was asked of it. */
export function isWithinRules(funds: Funds): boolean {
  const { kind, limit, balance, outgoing, incoming } = funds;
  const available = availableOf(funds);
  if (outgoing < 0 || incoming < 0 || available < 0) return false;
  if (kind === "credit-card") return balance + incoming <= 0 && available <= limit;
  return balance >= 0 && !(kind === "credit-only" && outgoing > 0) && !(kind === "debit-only" && incoming > 0);
}
