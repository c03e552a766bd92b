import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type AccountKind, OpenAccount, Transfer } from "../src/messages.ts";
import { seeded } from "./seeded.ts";
import { SimulatedBank } from "./simulated-bank.ts";

const KINDS: readonly AccountKind[] = ["normal", "normal", "normal", "credit-only", "debit-only", "credit-card"];
const RUNS = Number(process.env["SLUICE_TRANSFER_RUNS"] ?? 20);
const TRANSFERS = 300;

const openings = KINDS.map((kind, n) => ({
  accountId: `${kind}.${n}`,
  kind,
  balance: kind === "credit-only" ? 0 : kind === "credit-card" ? -300 : 1_000,
  limit: kind === "credit-card" ? 1_000 : 0,
}));

/** Two different accounts, one of them now and then not there at all, and an amount that a few of make an account run dry. */
const transfers = fc.array(
  fc
    .record({
      from: fc.nat(KINDS.length),
      further: fc.integer({ min: 1, max: KINDS.length }),
      amount: fc.integer({ min: 1, max: 120 }),
    })
    .map(({ from, further, amount }) => ({ from, to: (from + further) % (KINDS.length + 1), amount })),
  { minLength: TRANSFERS, maxLength: TRANSFERS },
);

test("accounts – whatever order, however often, whoever dies: money is neither made nor lost, and all settles", async (t) => {
  const told = { confirmed: 0, canceled: 0, crashes: 0, conflicts: 0 };
  await fc.assert(
    fc.asyncProperty(transfers, fc.integer(), async (asked, seed) => {
      const bank = new SimulatedBank(seeded(seed));
      const nameOf = (n: number): string => openings[n]?.accountId ?? "nobody";
      bank.send(...openings.map((opening) => OpenAccount(opening)));
      await bank.settle();
      bank.send(
        ...asked.map(({ from, to, amount }, n) =>
          Transfer({ transactionId: `t${n}`, from: nameOf(from), to: nameOf(to), amount }),
        ),
      );
      await bank.settle();

      const { watch, crashes, conflicts } = bank;
      const { confirmed, canceled, underWay, balances } = watch.seen;
      assert.equal(confirmed.size + canceled.size, asked.length);
      assert.deepEqual([...underWay], []);
      assert.ok(watch.isSettled, "an entry was never settled");
      for (const { accountId, balance } of openings) {
        const account = watch.accounts.get(`account-${accountId}`);
        assert.ok(account);
        assert.equal(account.balance, balances.get(accountId), `${accountId} is not what the books say`);
        assert.deepEqual(
          [account.outgoing, account.incoming],
          [0, 0],
          `${accountId}, opened with ${balance}, holds back`,
        );
      }
      told.confirmed += confirmed.size;
      told.canceled += canceled.size;
      told.crashes += crashes;
      told.conflicts += conflicts;
    }),
    // Smaller numbers would not make a failure easier to read; its seed makes it come again.
    { numRuns: RUNS, endOnFailure: true },
  );
  t.diagnostic(JSON.stringify(told));
  assert.ok(
    Object.values(told).every((times) => times > RUNS),
    "each of these has to have happened",
  );
});
