import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import { sluice } from "./sluice.ts";

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

test("plan – what cannot be done is said in a sentence, and ends with 2", async (t) => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["plan"], /sluice plan needs more than that/],
    [["plan", MODULE], /Which server\? Give --connection STRING, or set SLUICE_CONNECTION/],
    [["plan", "./sluice.ts", "--connection", "esdb://x"], /exports no component/],
    [["plan", "./missing.ts"], /missing\.ts cannot be run: Cannot find module/],
    [["deploy", MODULE, "--component", "nobody"], /has no component "nobody"\. It has: billing, sales, shipping\./],
    [["deploy", "--repair"], /Deploy what\?/],
    [["plna"], /There is no command "plna"\. There are: plan, deploy/],
    [["plan", MODULE, "--prnue"], /Unknown option '--prnue'\. sluice plan --help shows what there is\./],
  ];
  const ended = await Promise.all(cases.map(([args]) => sluice(t, undefined, args)));
  for (const [index, { code, stderr }] of ended.entries()) {
    assert.match(stderr, cases[index]![1]);
    assert.equal(code, 2, stderr);
  }
});
