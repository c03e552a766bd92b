import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { EventStoreDBClient } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { component, deploy, event, shapeOf, startEndpoint } from "@sluice/transport";
import { openDeployments } from "@sluice/transport/deploy";
import { until } from "../../test/until.ts";
import { sluice } from "./sluice.ts";

const Wanted = event("yard.Wanted")<{ parcel: string }>();
const Unwanted = event("yard.Unwanted")<{ parcel: string }>();

let server: Awaited<ReturnType<typeof startEmbedded>>;
before(async () => {
  server = await startEmbedded({ memory: true, port: 0 });
});
after(() => server.stop());

test("prune, retire – what is needed no more is taken away, never without being asked for, and stands in the history", async (t) => {
  const { connectionString } = server;
  const older = component("desk", (c) => {
    c.handle(Wanted, async () => {});
    c.handle(Unwanted, async () => {});
  });
  const newer = component("desk", (c) => c.handle(Wanted, async () => {}));
  await deploy([older], { connectionString });
  const folder = mkdtempSync(join(tmpdir(), "sluice-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "newer.json");
  writeFileSync(file, JSON.stringify([shapeOf(newer)]));

  const unasked = await sluice(t, connectionString, ["prune", file]);
  assert.equal(unasked.code, 2);
  assert.match(unasked.stdout, /~ projection {2}sluice\.filter\.desk\n {6}- yard\.Unwanted\n/);
  assert.match(unasked.stderr, /Nobody is at a terminal to be asked: say --yes\./);
  const subscribed = await sluice(t, connectionString, ["subscriptions", "--event", "yard.Unwanted", "--json"]);
  assert.deepEqual(
    JSON.parse(subscribed.stdout).map(({ pattern }: { pattern: string }) => pattern),
    ["yard.Unwanted"],
  );

  const pruned = await sluice(t, connectionString, ["prune", file, "--yes"]);
  assert.equal(pruned.code, 0, pruned.stderr);
  const retired = await sluice(t, connectionString, ["retire", "desk", "--yes"]);
  assert.equal(retired.code, 0, retired.stderr);
  const history = await sluice(t, connectionString, ["deployments", "desk"]);
  const begun = history.stdout.split("\n").flatMap((line) => /Z {2}(\w+) by /.exec(line)?.[1] ?? []);
  assert.deepEqual(begun, ["retired", "pruned", "deployed"]);
  const nobody = await sluice(t, connectionString, ["retire", "nobody", "--yes"]);
  assert.equal(nobody.code, 1);
  assert.match(nobody.stderr, /nobody/);
});

test("prune --streams – says of each stream why it stays or what may go, and lets that go only when it was asked for", async (t) => {
  const { connectionString } = server;
  const queue = component("lane", (c) => c.handle(Wanted, async () => {}));
  const endpoint = await startEndpoint([queue], { connectionString, on: () => {} });
  for (let n = 0; n < 5; n++) await endpoint.publish(Wanted, { parcel: String(n) });
  const client = EventStoreDBClient.connectionString(connectionString);
  t.after(() => client.dispose());
  await until(async () => endpoint.counts("lane").handled === 5 || undefined);
  await endpoint.stop();
  await client.disableProjection("$by_category");
  await until(async () => (await client.getProjectionStatus("$by_category")).status === "Stopped" || undefined);
  await client.enableProjection("$by_category");
  const asked = async (...args: readonly string[]) => sluice(t, connectionString, ["prune", "--streams", ...args]);
  const first = await until(async () => {
    const { code, stdout, stderr } = await asked("--keep", "1");
    return code === 2 ? { stdout, stderr } : undefined;
  });
  assert.match(first.stdout, /- \$ce-in\.lane: 4 of 5 may go, those before 4\n/);
  assert.match(first.stdout, /= out-lane\.direct: all 5 stay\n {6}0: Published events are the history/);
  assert.match(first.stderr, /They do not come back\. Nobody is at a terminal to be asked: say --yes\./);
  const done = await asked("--keep", "1", "--yes", "--json");
  assert.equal(done.code, 0, done.stderr);
  assert.ok(JSON.parse(done.stdout).truncated.includes("$ce-in.lane"));
  const again = await asked("--keep", "1");
  assert.deepEqual(
    [again.code, /There was nothing to do\./.test(again.stdout)],
    [0, true],
    "with the same question it is done",
  );
  const kept = await asked();
  assert.match(kept.stdout, /Nothing may go\./);
});

test("parked – one is edited in an editor and handled, one archived, and a beginning that fits several names none", async (t) => {
  const { connectionString } = server;
  const handled: string[] = [];
  const yard = component("yard", { immediateRetries: 0, delayedRetries: 0 }, (c) => {
    c.handle(Wanted, async ({ parcel }) => {
      if (parcel.startsWith("bad")) throw new Error("it is bad");
      handled.push(parcel);
    });
  });
  const endpoint = await startEndpoint([yard], { connectionString, on: () => {} });
  t.after(() => endpoint.stop());
  const deployments = openDeployments({ connectionString });
  t.after(() => deployments.close());
  for (const parcel of ["bad 1", "bad 2"]) await endpoint.publish(Wanted, { parcel });
  const parked = deployments.parked("yard");
  const [first] = await until(async () => {
    const { messages } = await parked.list();
    return messages.length === 2 ? messages : undefined;
  });

  const both = await sluice(t, connectionString, ["parked", "show", "yard", ""]);
  assert.match(both.stderr, /2 parked messages have an id that begins with "": give more of it\./);
  const left = await sluice(t, connectionString, ["parked", "edit", "yard", first!.id], {
    environment: editor("true"),
  });
  assert.match(left.stdout, /Nothing was changed, so nothing is done\./);
  const broken = await sluice(t, connectionString, ["parked", "edit", "yard", first!.id], {
    environment: editor("sed -i s/}//"),
  });
  assert.match(broken.stderr, /What stands in the edited body is not JSON/);
  const edited = await sluice(t, connectionString, ["parked", "edit", "yard", first!.id], {
    environment: editor("sed -i s/bad/good/"),
  });
  assert.equal(edited.code, 0, edited.stderr);
  await until(async () => handled.length === 1 || undefined);
  assert.match(handled.join(), /^good \d$/);

  const archived = await sluice(t, connectionString, ["parked", "archive", "yard", "--all", "--json"]);
  assert.deepEqual(JSON.parse(archived.stdout), { total: 1, done: 1, gone: 0 });
  assert.deepEqual((await parked.list()).messages, []);
});

const editor = (command: string): NodeJS.ProcessEnv => ({ VISUAL: "", EDITOR: command });
