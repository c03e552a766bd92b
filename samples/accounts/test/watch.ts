import assert from "node:assert/strict";
import type { Message } from "@sluice/transport";
import type { Account } from "../src/account.ts";
import { ledger, totalOf } from "../src/ledger.ts";
import {
  AccountOpened,
  Confirmed,
  Credited,
  CreditSettled,
  Debited,
  DebitSettled,
  type Entry,
  type NewAccount,
  TransactionCancelled,
} from "../src/messages.ts";
import { isWithinRules } from "../src/rules.ts";

const isOf = ({ type }: { readonly type: string }, { definition }: Message): boolean => definition.type === type;

/** Looks at every append the moment it is there, and at each thing a reader of the published events sees, who is always behind. */
export class Watch {
  readonly accounts = new Map<string, Account>();
  /** The books, as folded so far. */
  readonly seen = ledger.initial();
  /** What routers have published and the reader has not read: each category in order, categories beside each other. */
  readonly #unread = new Map<string, Message[]>();
  /** What the entries owe the accounts: debits still in a balance, credits not yet in one. */
  readonly #owed = new Map<string, number>();
  readonly #over = new Set<string>();
  #opening = 0;
  #openingSeen = 0;

  get isSettled(): boolean {
    return this.#owed.size === 0;
  }

  appended(stream: string, state: unknown, events: readonly Message[]): void {
    const [category = ""] = stream.split("-");
    const unread = this.#unread.get(category) ?? [];
    unread.push(...events);
    this.#unread.set(category, unread);
    if (category === "account") this.#obeysItsRules(stream, state as Account);
    else this.#hasBothEntriesOrNone(events);
    for (const event of events) this.#post(event);
    if (events.some((event) => isOf(Confirmed, event) || isOf(TransactionCancelled, event))) {
      assert.ok(!this.#over.has(stream), `${stream} has ended twice`);
      this.#over.add(stream);
    }
    const balances = [...this.accounts.values()].reduce((sum, { balance }) => sum + balance, 0);
    const owed = [...this.#owed.values()].reduce((sum, amount) => sum + amount, 0);
    assert.equal(balances + owed, this.#opening, "money was made or lost");
  }

  /** Lets the reader read one more event; false where nothing is left to read. */
  look(random: () => number): boolean {
    const unread = [...this.#unread.values()].filter((events) => events.length > 0);
    const event = unread[Math.floor(random() * unread.length)]?.shift();
    if (event === undefined) return false;
    const context = { messageId: "", type: event.definition.type, correlationId: "", headers: {} };
    ledger.folds.find(({ on }) => isOf(on, event))?.fold(this.seen, event.body, context);
    if (isOf(AccountOpened, event)) this.#openingSeen += (event.body as NewAccount).balance;
    assert.equal(
      totalOf(this.seen),
      this.#openingSeen,
      `a reader sees one entry of two after ${event.definition.type}`,
    );
    return true;
  }

  #obeysItsRules(stream: string, account: Account): void {
    this.accounts.set(stream, account);
    assert.ok(isWithinRules(account), `${stream}: ${JSON.stringify({ ...account, parts: {} })}`);
  }

  #hasBothEntriesOrNone(events: readonly Message[]): void {
    const [confirmed, debited, credited] = [Confirmed, Debited, Credited].map((type) =>
      events.filter((event) => isOf(type, event)),
    );
    assert.deepEqual([debited?.length, credited?.length], [confirmed?.length, confirmed?.length]);
  }

  /** An entry is owed to its account until that settles it, once. */
  #post(event: Message): void {
    const { transactionId, accountId, amount } = event.body as Entry;
    const entry = `${transactionId} ${accountId}`;
    if (isOf(AccountOpened, event)) this.#opening += (event.body as NewAccount).balance;
    if (isOf(Debited, event)) this.#owed.set(entry, -amount);
    if (isOf(Credited, event)) this.#owed.set(entry, amount);
    if (isOf(DebitSettled, event) || isOf(CreditSettled, event))
      assert.ok(this.#owed.delete(entry), `${entry} was settled twice`);
  }
}
