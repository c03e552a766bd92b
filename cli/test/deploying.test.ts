import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { EventStoreDBClient } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { shapeOf } from "@sluice/transport";
import { openDeployments } from "@sluice/transport/deploy";
import { until } from "../../test/until.ts";
import { sluice, starting } from "./sluice.ts";
import { components } from "./system/components.ts";

const MODULE = "./system/components.ts";
let server: Awaited<ReturnType<typeof startEmbedded>>;
before(async () => {
  server = await startEmbedded({ memory: true, port: 0 });
});
after(() => server.stop());

test("plan, deploy – a plan has changes until it is deployed, by a file that describe has made, too", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const planned = await sluice(t, server.connectionString, ["plan", MODULE]);
  assert.equal(planned.code, 3, planned.stderr);
  assert.match(planned.stdout, /^billing\n {2}\+ group {7}\$ce-in\.billing::billing\n/);
  assert.match(planned.stdout, /\+ projection {2}sluice\.filter\.shipping\n {6}\+ sales\.OrderPlaced from now on/);
  assert.match(planned.stdout, /\n7 to create\.\n$/);

  const described = await sluice(t, undefined, ["describe", MODULE, "--json"]);
  const shapes = join(folder, "components.json");
  writeFileSync(shapes, described.stdout);
  const deployed = await sluice(t, server.connectionString, ["deploy", shapes, "--json"]);
  assert.equal(deployed.code, 0, deployed.stderr);
  const { steps, problems } = JSON.parse(deployed.stdout);
  assert.deepEqual(problems, []);
  assert.equal(steps.filter(({ action }: { action: string }) => action === "created").length, 7);

  const again = await sluice(t, server.connectionString, ["plan", MODULE, "--prune"]);
  assert.equal(again.code, 0, again.stdout);
  assert.match(again.stdout, /Nothing to do: the server has what is declared\./);
});

test("deploy – with --acl rights are planned, given, and found when somebody has changed them", async (t) => {
  const { connectionString, stop } = await startEmbedded({ memory: true, port: 0 });
  t.after(() => stop());
  const options = ["--acl", "--login", "billing=billing-svc", "--members", "shop", "--reader", "support"];
  const planned = await sluice(t, connectionString, ["plan", MODULE, "--component", "billing", ...options]);
  assert.equal(planned.code, 3, planned.stderr);
  assert.match(planned.stdout, /\+ acl {9}intermediate\.billing: read shop, support; write billing-svc\n/);
  assert.match(planned.stdout, /\+ acl {9}in\.sales-billing: read shop, support; write billing-svc\n/);
  assert.match(planned.stdout, /! The server has no user billing-svc\. If it is no group either, nobody runs this/);
  assert.match(planned.stdout, /no rights beforehand: later\.billing-\*: whoever may write streams can defer/);

  const deployed = await sluice(t, connectionString, ["deploy", MODULE, ...options]);
  assert.equal(deployed.code, 0, deployed.stderr);
  assert.match(deployed.stdout, /\+ created {4}acl intermediate\.sales\n/);
  const again = await sluice(t, connectionString, ["plan", MODULE, ...options]);
  assert.equal(again.code, 0, again.stdout);
  const client = EventStoreDBClient.connectionString(connectionString);
  t.after(() => client.dispose());
  await client.setStreamMetadata("handled.sales", { maxCount: 9 });
  const drifted = await sluice(t, connectionString, ["plan", MODULE]);
  assert.equal(drifted.code, 3, "also where rights are not said again");
  assert.match(drifted.stdout, /\n {2}\+ acl {9}handled\.sales: read sales, support; write sales\n/);
});

test("deploy – options of rights that make no sense are refused before anything is done", async (t) => {
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { code, stderr } = await sluice(t, "esdb://127.0.0.1:1?tls=false", ["deploy", MODULE, ...args]);
    assert.equal(code, 2, stderr);
    return stderr;
  };
  assert.match(await refused("--login", "sales=x"), /--login is about rights on streams: say --acl, too\./);
  assert.match(await refused("--acl", "--login", "x"), /--login takes COMPONENT=LOGIN/);
  assert.match(await refused("--acl", "--login", "biling=x"), /There are: billing, sales, shipping\./);
  assert.match(await refused("--acl", "--close-server"), /say --members GROUP/);
});

test("deploy – stopped by Ctrl-C it ends between two steps, and the same command goes on", async (t) => {
  const { connectionString, stop } = await startEmbedded({ memory: true, port: 0 });
  t.after(() => stop());
  const stopped = starting(t, connectionString, ["deploy", MODULE]);
  await until(async () => stopped.said().includes("created") || undefined);
  stopped.child.kill("SIGINT");
  const { code, stderr } = await stopped.ended;
  // A quick machine may have been done by then.
  if (code !== 0)
    assert.deepEqual([code, stderr], [130, "Stopped. What was done stays; the same command again goes on.\n"]);
  const again = await sluice(t, connectionString, ["deploy", MODULE]);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /\nDone\.\n$/);
  const deployments = openDeployments({ connectionString });
  t.after(() => deployments.close());
  for (const { steps, problems, open } of await deployments.plan(components.map(shapeOf))) {
    assert.deepEqual([steps, problems, open], [[], [], undefined]);
  }
});
