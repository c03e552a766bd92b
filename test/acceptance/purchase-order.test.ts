import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerProcess } from "../server-process.ts";
import { dataDirectory, run, SampleProcess } from "./sample-process.ts";

test("purchase orders – 40 are placed, completed and checked by one command, and the same command again finds them so", async (t) => {
  const args = ["--orders", "40", "--json", "--data", dataDirectory(t)];
  const { code, stdout, stderr } = await SampleProcess.startByNpm(...args).ended;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^\{.*\}\n$/, "one line and nothing else");
  const result = JSON.parse(stdout) as { debits: number; credits: number };
  const { debits, credits, ...counts } = result;
  assert.deepEqual(counts, { orders: 40, completed: 40, lost: 0, duplicated: 0 });
  assert.deepEqual(Object.keys(result), ["orders", "completed", "lost", "duplicated", "debits", "credits"]);
  assert.equal(debits, credits);
  assert.ok(debits > 0);

  const shown = await run("--show", "hamburg.17", ...args.slice(3));
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(
    shown.stdout,
    /^Order hamburg\.17\n( {2}(placed|matched|fulfilled|charged|booked|completed) +\d{4}-.*\n){6}$/,
  );

  const again = await run(...args);
  assert.equal(again.code, 0, again.stderr);
  assert.equal(again.stdout, stdout);
});

test("purchase orders – without a number they go on until stopped, and the next start goes on from there", async (t) => {
  const args = ["--market", "lyon", "--rate", "50", "--data", dataDirectory(t)];
  const first = SampleProcess.start(...args);
  await first.said(/Purchase orders of lyon on esdb:\/\/127\.0\.0\.1:\d+\?tls=false\. Ctrl-C stops/);
  await first.said(/^placed \d\d+,/m);
  assert.equal((await first.end("SIGTERM")).code, 0, first.stderr);
  assert.equal(first.stderr, "");
  const placed = Number([...first.stdout.matchAll(/^placed (\d+)/gm)].at(-1)?.[1]);

  const second = SampleProcess.start(...args);
  const [, taken] = await second.said(/^placed (\d+)/m);
  assert.ok(Number(taken) >= placed, `${taken} of ${placed}`);
  assert.equal((await second.end("SIGINT")).code, 0, second.stderr);

  const all = await run("--orders", String(placed), "--market", "lyon", ...args.slice(4));
  assert.equal(all.code, 0, all.stderr);
  assert.match(all.stdout, new RegExp(`^Of ${placed} orders ${placed} were completed, 0 lost, 0 doubled; .*\n$`));
});

test("purchase orders – on a server that runs already, and stopped on the way", async (t) => {
  const server = await ServerProcess.start(["--memory"]);
  t.after(() => server.kill());
  const args = ["--orders", "30", "--json", "--connection", server.connectionString];
  const stopped = SampleProcess.start(...args);
  await stopped.said(/30 orders of hamburg, 0 of them sent before/);
  const { code, stdout, stderr } = await stopped.end("SIGTERM");
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /Stopped before all orders were completed\. The same command goes on where this one was\.\n$/);

  const completed = await run(...args);
  assert.equal(completed.code, 0, completed.stderr);
});
