import assert from "node:assert/strict";
import { test } from "node:test";
import { dataDirectory, SampleProcess, startSystem } from "@sluice/sample-display";
import { diary } from "../src/diary.ts";
import { PlaceOrder } from "../src/messages.ts";
import { system } from "../src/system.ts";

test("process manager – started as the README says, it tells what happens, and ends with an audit that holds", async () => {
  const { code, stdout, stderr } = await SampleProcess.startByNpm("start", "-w", "samples/process-manager").ended;
  assert.equal(code, 0, stdout + stderr);
  // How many of each hangs on how busy the machine is: a bank that is quick may be too late there.
  assert.equal(stdout.match(/^ +\d+\.\d s {2}order\.\d+ +shop +(✓ completed|✗ canceled: .+)$/gm)?.length, 12);
  assert.match(stdout, /✗ canceled: sold out$/m);
  assert.match(stdout, /✗ canceled: the bank did not answer$/m);
  assert.match(stdout, /payments +gave back €19\.90$/m);
  assert.match(stdout, /^Of 12 orders \d+ were completed and \d+ canceled; 0 are open, 0 ended as they must not\.$/m);
  assert.equal(stderr, "");
});

test("process manager – others may order there, too: it ends all the same, and the audit holds", async (t) => {
  const data = dataDirectory(t);
  {
    await using before = await startSystem({ data, port: 0 }, system, { say: (text) => assert.fail(text) });
    const { endpoint, sender } = before;
    const order = { orderId: "zoe", customer: "Zoe", record: "Time Out", copies: 1, card: "good", total: 19_90 };
    await sender.send(PlaceOrder, order);
    await endpoint.view(diary).until(({ ended }) => ended.has("zoe"));
  }
  const { code, stdout, stderr } = await SampleProcess.start("process-manager", "--json", "--data", data).ended;
  assert.equal(code, 0, stdout + stderr);
  assert.equal((JSON.parse(stdout) as { orders: number }).orders, 13);
});

test("process manager – says how it is used", async () => {
  const { code, stdout } = await SampleProcess.start("process-manager", "--help").ended;
  assert.equal(code, 0);
  assert.match(stdout, /--json/);
});
