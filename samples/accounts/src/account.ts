import { aggregate, component } from "@sluice/transport";
import {
  AccountOpened,
  CreditPreparationFailed,
  CreditPrepared,
  CreditSettled,
  CreditUndone,
  Credited,
  DebitPreparationFailed,
  DebitPrepared,
  DebitSettled,
  DebitUndone,
  Debited,
  type Entry,
  OpenAccount,
  Prepared,
  PrepareCredit,
  PrepareDebit,
  SettleCredit,
  SettleDebit,
  TransactionCancelled,
  UndoCredit,
  UndoDebit,
} from "./messages.ts";
import { creditVeto, debitVeto, type Funds } from "./rules.ts";

export interface Account extends Funds {
  /** How each transaction it was asked about stands with it. */
  readonly parts: Readonly<Record<string, "prepared" | "over">>;
}

const byAccount = ({ accountId }: { readonly accountId: string }): string => accountId;

/**
 * An account, in the stream `account-<id>`. It promises an amount or refuses to, by its own rules alone; what it has promised it
 * settles or undoes when it is told to. An undo may overtake what it undoes: the account then refuses to begin.
 */
export const account = aggregate(
  "account",
  { limit: 0, balance: 0, outgoing: 0, incoming: 0, parts: {} } as Account,
  {
    events: [
      AccountOpened,
      ...[DebitPrepared, DebitPreparationFailed, DebitUndone, DebitSettled],
      ...[CreditPrepared, CreditPreparationFailed, CreditUndone, CreditSettled],
    ],
  },
  (a) => {
    a.decide(OpenAccount, byAccount, ({ kind }, opening) => (kind === undefined ? AccountOpened(opening) : []));
    a.decide(PrepareDebit, byAccount, (state, entry) => {
      if (partIn(state, entry) !== "none") return [];
      const reason = debitVeto(state, entry.amount);
      return reason === undefined ? DebitPrepared(entry) : DebitPreparationFailed({ ...entry, reason });
    });
    a.decide(PrepareCredit, byAccount, (state, entry) => {
      if (partIn(state, entry) !== "none") return [];
      const reason = creditVeto(state, entry.amount);
      return reason === undefined ? CreditPrepared(entry) : CreditPreparationFailed({ ...entry, reason });
    });
    a.decide(UndoDebit, byAccount, (state, entry) => (partIn(state, entry) === "over" ? [] : DebitUndone(entry)));
    a.decide(UndoCredit, byAccount, (state, entry) => (partIn(state, entry) === "over" ? [] : CreditUndone(entry)));
    a.decide(SettleDebit, byAccount, (state, entry) => (isOwed(state, entry) ? DebitSettled(entry) : []));
    a.decide(SettleCredit, byAccount, (state, entry) => (isOwed(state, entry) ? CreditSettled(entry) : []));

    a.evolve(AccountOpened, (state, { kind, balance, limit }) => ({ ...state, kind, balance, limit }));
    a.evolve(DebitPrepared, (state, entry) => ({
      ...withPart(state, entry, "prepared"),
      outgoing: state.outgoing + entry.amount,
    }));
    a.evolve(CreditPrepared, (state, entry) => ({
      ...withPart(state, entry, "prepared"),
      incoming: state.incoming + entry.amount,
    }));
    a.evolve(DebitPreparationFailed, (state, entry) => withPart(state, entry, "over"));
    a.evolve(CreditPreparationFailed, (state, entry) => withPart(state, entry, "over"));
    a.evolve(DebitUndone, (state, entry) => ({
      ...withPart(state, entry, "over"),
      outgoing: state.outgoing - heldIn(state, entry),
    }));
    a.evolve(CreditUndone, (state, entry) => ({
      ...withPart(state, entry, "over"),
      incoming: state.incoming - heldIn(state, entry),
    }));
    a.evolve(DebitSettled, (state, entry) => ({
      ...withPart(state, entry, "over"),
      outgoing: state.outgoing - entry.amount,
      balance: state.balance - entry.amount,
    }));
    a.evolve(CreditSettled, (state, entry) => ({
      ...withPart(state, entry, "over"),
      incoming: state.incoming - entry.amount,
      balance: state.balance + entry.amount,
    }));
  },
);

function partIn({ parts }: Account, { transactionId }: Entry): "none" | "prepared" | "over" {
  // Anything may be an id, also "constructor", which every object has.
  return Object.hasOwn(parts, transactionId) ? (parts[transactionId] ?? "none") : "none";
}

function withPart(state: Account, { transactionId }: Entry, part: "prepared" | "over"): Account {
  return { ...state, parts: { ...state.parts, [transactionId]: part } };
}

/** What it has put aside for this transaction: nothing where the undo came first. */
const heldIn = (state: Account, entry: Entry): number => (partIn(state, entry) === "prepared" ? entry.amount : 0);

/** Both entries are a fact when this is asked, since both accounts had promised. So an account that has not is no refusal, but wrong. */
function isOwed(state: Account, entry: Entry): boolean {
  const part = partIn(state, entry);
  if (part === "none") throw new Error(`${entry.accountId} never prepared ${entry.transactionId}.`);
  return part === "prepared";
}

/** The receptor makes accounts answer to what transactions tell. Each event names accounts; each command is for one of them. */
export const accounts = component("accounts", (c) => {
  c.receptor(Prepared, ({ transactionId, from, to, amount }) => [
    PrepareDebit({ transactionId, accountId: from, amount }),
    PrepareCredit({ transactionId, accountId: to, amount }),
  ]);
  c.receptor(TransactionCancelled, ({ transactionId, from, to, amount }) => [
    UndoDebit({ transactionId, accountId: from, amount }),
    UndoCredit({ transactionId, accountId: to, amount }),
  ]);
  c.receptor(Debited, (entry) => SettleDebit(entry));
  c.receptor(Credited, (entry) => SettleCredit(entry));
  c.aggregate(account);
});
