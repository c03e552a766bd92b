import { test } from "node:test";
import assert from "node:assert/strict";
import type { Message } from "@sluice/transport";
import { given, handle } from "@sluice/transport/testing";
import { account, accounts } from "../src/account.ts";
import * as m from "../src/messages.ts";
import { transaction, transactions } from "../src/transaction.ts";

const transactionId = "t1";
const transfer = { transactionId, from: "ada", to: "bruno", amount: 40 };
const debit = { transactionId, accountId: "ada", amount: 40 };
const credit = { transactionId, accountId: "bruno", amount: 40 };
const reason = "because";
/** What is written when both accounts have agreed. */
const entries = [m.Confirmed(transfer), m.Debited(debit), m.Credited(credit)];

const opened = (kind: m.AccountKind, balance: number, limit = 0): Message =>
  m.AccountOpened({ accountId: "ada", kind, balance, limit });
const of = (amount: number, transactionId = "t1") => ({ transactionId, accountId: "ada", amount });

test("transaction – a transfer is prepared once, however often it is asked for", () => {
  given(transaction).when(m.Transfer(transfer)).then(m.Prepared(transfer));
  given(transaction, m.Prepared(transfer)).when(m.Transfer(transfer)).thenNothing();
});

test("transaction – the second yes, whichever it is, writes both entries at once", () => {
  const confirmed = { transactionId };
  given(transaction, m.Prepared(transfer)).when(m.ConfirmDebit(confirmed)).then(m.DebitConfirmed(confirmed));
  given(transaction, m.Prepared(transfer)).when(m.ConfirmCredit(confirmed)).then(m.CreditConfirmed(confirmed));
  given(transaction, m.Prepared(transfer), m.DebitConfirmed(confirmed))
    .when(m.ConfirmCredit(confirmed))
    .then(m.CreditConfirmed(confirmed), ...entries);
  given(transaction, m.Prepared(transfer), m.CreditConfirmed(confirmed))
    .when(m.ConfirmDebit(confirmed))
    .then(m.DebitConfirmed(confirmed), ...entries);
});

test("transaction – a yes that comes again says nothing new", () => {
  const confirmed = { transactionId };
  given(transaction, m.Prepared(transfer), m.DebitConfirmed(confirmed)).when(m.ConfirmDebit(confirmed)).thenNothing();
  given(transaction, m.Prepared(transfer), m.CreditConfirmed(confirmed)).when(m.ConfirmCredit(confirmed)).thenNothing();
});

test("transaction – one no cancels it, and what is said later changes nothing", () => {
  const canceled = m.TransactionCancelled({ ...transfer, reason });
  given(transaction, m.Prepared(transfer)).when(m.RejectTransaction({ transactionId, reason })).then(canceled);
  const history = [m.Prepared(transfer), m.DebitConfirmed({ transactionId }), canceled];
  for (const late of [m.ConfirmDebit, m.ConfirmCredit])
    given(transaction, ...history)
      .when(late({ transactionId }))
      .thenNothing();
  given(transaction, ...history)
    .when(m.RejectTransaction({ transactionId, reason: "me, too" }))
    .thenNothing();
});

test("account – what is prepared to leave is no longer available", () => {
  given(account, opened("normal", 100))
    .when(m.PrepareDebit(of(100)))
    .then(m.DebitPrepared(of(100)));
  given(account, opened("normal", 100), m.DebitPrepared(of(60, "t0")))
    .when(m.PrepareDebit(of(41)))
    .then(m.DebitPreparationFailed({ ...of(41), reason: "its available funds are too low" }));
});

test("account – what is prepared to come is not available yet", () => {
  given(account, opened("normal", 0), m.CreditPrepared(of(60, "t0")))
    .when(m.PrepareDebit(of(1)))
    .then(m.DebitPreparationFailed({ ...of(1), reason: "its available funds are too low" }));
});

test("account – each kind refuses by its own rules", () => {
  const refuses = (history: readonly Message[], asked: Message, reason: string): void => {
    const failed = asked.definition.type === m.PrepareDebit.type ? m.DebitPreparationFailed : m.CreditPreparationFailed;
    given(account, ...history)
      .when(asked)
      .then(failed({ ...(asked.body as m.Entry), reason }));
  };
  refuses([], m.PrepareDebit(of(1)), "there is no such account");
  refuses([], m.PrepareCredit(of(1)), "there is no such account");
  refuses([opened("credit-only", 50)], m.PrepareDebit(of(1)), "it only takes money in");
  refuses([opened("debit-only", 50)], m.PrepareCredit(of(1)), "it only gives money out");
  refuses([opened("debit-only", 50)], m.PrepareDebit(of(51)), "its available funds are too low");
  refuses([opened("credit-card", -50, 200)], m.PrepareDebit(of(151)), "its available funds are too low");
  refuses([opened("credit-card", -50, 200)], m.PrepareCredit(of(51)), "it owes less than that");
  refuses(
    [opened("credit-card", -50, 200), m.CreditPrepared(of(30, "t0"))],
    m.PrepareCredit(of(21)),
    "it owes less than that",
  );
  given(account, opened("credit-card", -50, 200))
    .when(m.PrepareDebit(of(150)))
    .then(m.DebitPrepared(of(150)));
  given(account, opened("credit-card", -50, 200))
    .when(m.PrepareCredit(of(50)))
    .then(m.CreditPrepared(of(50)));
});

test("account – settles what it has prepared, once", () => {
  const funds = { kind: "normal", limit: 0, outgoing: 0, incoming: 0, parts: { t1: "over" } } as const;
  given(account, opened("normal", 100), m.DebitPrepared(of(40)))
    .when(m.SettleDebit(of(40)))
    .then(m.DebitSettled(of(40)))
    .state({ ...funds, balance: 60 });
  given(account, opened("normal", 100), m.CreditPrepared(of(40)))
    .when(m.SettleCredit(of(40)))
    .then(m.CreditSettled(of(40)))
    .state({ ...funds, balance: 140 });
  given(account, opened("normal", 100), m.DebitPrepared(of(40)), m.DebitSettled(of(40)))
    .when(m.SettleDebit(of(40)))
    .thenNothing();
  given(account, opened("normal", 100))
    .when(m.SettleDebit(of(40)))
    .throws(/never prepared/);
});

test("account – undoes what it has prepared", () => {
  const funds = { kind: "normal", limit: 0, balance: 100, outgoing: 0, incoming: 0, parts: { t1: "over" } } as const;
  given(account, opened("normal", 100), m.DebitPrepared(of(40)))
    .when(m.UndoDebit(of(40)))
    .then(m.DebitUndone(of(40)))
    .state(funds);
  given(account, opened("normal", 100), m.CreditPrepared(of(40)))
    .when(m.UndoCredit(of(40)))
    .then(m.CreditUndone(of(40)))
    .state(funds);
});

test("account – an undo that comes first keeps the account from beginning", () => {
  given(account, opened("normal", 100))
    .when(m.UndoDebit(of(40)))
    .then(m.DebitUndone(of(40)));
  given(account, opened("normal", 100), m.DebitUndone(of(40)))
    .when(m.PrepareDebit(of(40)))
    .thenNothing();
  given(account, opened("normal", 100), m.CreditUndone(of(40)))
    .when(m.PrepareCredit(of(40)))
    .thenNothing();
});

test("receptors – each turns what the other component tells into commands of its own", async () => {
  const becomes = async (on: Message, ...commands: readonly Message[]): Promise<void> =>
    assert.deepEqual(await handle(on.definition.type.startsWith("accounts.") ? transactions : accounts, on), commands);
  await becomes(m.Prepared(transfer), m.PrepareDebit(debit), m.PrepareCredit(credit));
  await becomes(m.TransactionCancelled({ ...transfer, reason }), m.UndoDebit(debit), m.UndoCredit(credit));
  await becomes(m.Debited(debit), m.SettleDebit(debit));
  await becomes(m.Credited(credit), m.SettleCredit(credit));
  await becomes(m.DebitPrepared(debit), m.ConfirmDebit({ transactionId }));
  await becomes(m.CreditPrepared(credit), m.ConfirmCredit({ transactionId }));
  for (const failed of [m.DebitPreparationFailed, m.CreditPreparationFailed])
    await becomes(
      failed({ ...credit, reason }),
      m.RejectTransaction({ transactionId, reason: "bruno refused: because" }),
    );
});

test("account – any name may be an id, also one that every object has", () => {
  for (const id of ["constructor", "toString", "__proto__"])
    given(account, opened("normal", 100))
      .when(m.PrepareDebit(of(40, id)))
      .then(m.DebitPrepared(of(40, id)));
});

test("account – takes no more than it can count to the cent", () => {
  const most = Number.MAX_SAFE_INTEGER;
  given(account, opened("normal", most - 60), m.CreditPrepared(of(20, "t0")))
    .when(m.PrepareCredit(of(41)))
    .then(m.CreditPreparationFailed({ ...of(41), reason: "it cannot hold that much" }));
  given(account, opened("normal", most - 60), m.CreditPrepared(of(20, "t0")))
    .when(m.PrepareCredit(of(40)))
    .then(m.CreditPrepared(of(40)));
});

/** What a schema has to say of a body. */
const problemsOf = async ({ schema }: typeof m.Transfer | typeof m.OpenAccount, body: unknown): Promise<string> =>
  JSON.stringify(await schema?.["~standard"].validate(body));

test("transfers – what can never be one is refused where it is sent", async () => {
  const problems = (wrong: object): Promise<string> => problemsOf(m.Transfer, { ...transfer, ...wrong });
  assert.match(await problems({ to: "ada" }), /two accounts/);
  assert.match(await problems({ from: 1, to: "1" }), /two accounts/);
  assert.match(await problems({ amount: 1.5 }), /must be cents/);
  assert.match(await problems({ amount: 0 }), /must be cents/);
  assert.match(await problems({ amount: "40" }), /must be cents/);
  assert.match(await problems({ transactionId: "" }), /must be a name/);
  assert.match(await problemsOf(m.Transfer, null), /must be a name/);
  assert.doesNotMatch(await problems({}), /issues/);
});

test("accounts – what can never be one is not opened", async () => {
  const ada = { accountId: "ada", kind: "normal", balance: 100, limit: 0 };
  const problems = (wrong: object): Promise<string> => problemsOf(m.OpenAccount, { ...ada, ...wrong });
  assert.match(await problems({ kind: "gold" }), /must be normal or/);
  assert.match(await problems({ balance: 0.5 }), /must be cents, and as its kind allows/);
  assert.match(await problems({ balance: -1 }), /must be cents, and as its kind allows/);
  assert.match(await problems({ limit: 100 }), /0 but for a credit card/);
  assert.match(await problems({ kind: "credit-card", balance: 1, limit: 100 }), /as its kind allows/);
  assert.match(await problems({ kind: "credit-card", balance: -101, limit: 100 }), /as its kind allows/);
  assert.doesNotMatch(await problems({ kind: "credit-card", balance: -100, limit: 100 }), /issues/);
  assert.doesNotMatch(await problems({}), /issues/);
});
