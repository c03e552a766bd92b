import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { checkFlow, dataDirectory, messageFlow, SampleProcess, startSystem } from "@sluice/sample-display";
import { ledger } from "../src/ledger.ts";
import { OpenAccount, Transfer } from "../src/messages.ts";
import { system } from "../src/system.ts";

const README = join(import.meta.dirname, "..", "README.md");

const FLOWS = [
  { to: "bruno", picture: "agreed" },
  { to: "nobody", picture: "refused" },
];

test("accounts – started as the README says, it shows what becomes of each transfer, and ends with an audit that holds", async () => {
  const args = ["start", "-w", "samples/accounts", "--", "--transfers", "8"];
  const { code, stdout, stderr } = await SampleProcess.startByNpm(...args).ended;
  assert.equal(code, 0, stdout + stderr);
  assert.equal(
    stdout.match(/^transfer\.\d+ +€\d+\.\d\d .* (✓ both entries|✗ canceled: \w+ refused: .+)$/gm)?.length,
    8,
  );
  assert.match(stdout, /^Of 8 transfers \d were confirmed and \d canceled; 0 parts are unsettled\.$/m);
  assert.match(stdout, /^There were €1,140\.00, and there are €1,140\.00\.$/m);
  assert.equal(stderr, "");
});

test("accounts – says how it is used", async () => {
  const { code, stdout } = await SampleProcess.start("accounts", "--help").ended;
  assert.equal(code, 0);
  assert.match(stdout, /--transfers N/);
});

test("accounts – others may have accounts there, and ask for what is refused: it ends all the same, and the audit holds", async (t) => {
  const options = { sender: "somebody", say: (text: string): void => assert.fail(text) };
  const data = dataDirectory(t);
  {
    await using before = await startSystem({ data, port: 0 }, system, options);
    const { endpoint, sender } = before;
    await sender.send(OpenAccount, { accountId: "zoe", kind: "normal", balance: 7_00, limit: 0 });
    await sender.send(Transfer, { transactionId: "constructor", from: "zoe", to: "nobody", amount: 40 });
    await endpoint.view(ledger).until(({ canceled, unsettled }) => canceled.size === 1 && unsettled.size === 0);
  }
  const ended = SampleProcess.start("accounts", "--transfers", "3", "--json", "--data", data).ended;
  const { code, stdout, stderr } = await ended;
  assert.equal(code, 0, stdout + stderr);
  assert.equal((JSON.parse(stdout) as { closing: number }).closing, 1_147_00);
});

test("accounts – the README's pictures are what a run gives", async () => {
  const say = (text: string): void => assert.fail(text);
  const options = { sender: "customer", say };
  await using running = await startSystem({ memory: true, port: 0 }, system, options);
  const { connectionString, endpoint, sender } = running;
  // One message after the other, so that a yes which comes beside a no is heard before it each time.
  for (const component of endpoint.components) endpoint.setConcurrency(component, 1);
  const books = endpoint.view(ledger);
  for (const accountId of ["ada", "bruno"])
    await sender.send(OpenAccount, { accountId, kind: "normal", balance: 100, limit: 0 });
  await books.until(({ balances }) => balances.size === 2);

  for (const [index, { to, picture }] of FLOWS.entries()) {
    const correlationId = randomUUID();
    await sender.send(Transfer, { transactionId: to, from: "ada", to, amount: 40 }, { correlationId });
    await books.until(
      ({ confirmed, canceled, unsettled }) => confirmed.size + canceled.size > index && unsettled.size === 0,
    );
    checkFlow(README, await messageFlow(connectionString, correlationId), picture);
  }
});
