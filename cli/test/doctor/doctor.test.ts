import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import { deploy } from "@sluice/transport";
import { sluice } from "../sluice.ts";
import { components } from "../system/components.ts";

let server: Awaited<ReturnType<typeof startEmbedded>>;
before(async () => {
  server = await startEmbedded({ memory: true, port: 0 });
  await deploy(components, { connectionString: server.connectionString });
});
after(() => server.stop());

test("doctor – all is well on a fresh server, clock, version and rights among it", async (t) => {
  const { code, stdout, stderr } = await sluice(t, server.connectionString, ["doctor"]);
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /✓ version \d+\.\d+/);
  assert.match(stdout, /✓ offers all that is needed of it/);
  assert.match(stdout, /✓ its clock goes as this machine's/);
  assert.match(stdout, /✓ this login sees everything/);
  assert.match(stdout, /✓ \$by_category runs/);
  assert.match(stdout, /\nsales\n {2}✓ runs as it was deployed\n/);
  assert.match(stdout, /\nAll is well\.\n$/);
});

test("doctor – a server that does not answer is said in a sentence, without the password", async (t) => {
  const { code, stderr } = await sluice(t, "esdb://ann:secret@127.0.0.1:1?tls=false", ["doctor", "--json"]);
  assert.equal(code, 1);
  const { error, message } = JSON.parse(stderr);
  assert.equal(error, "ServerUnreachable");
  assert.match(message, /No answer from EventStoreDB at 127\.0\.0\.1:1/);
  assert.doesNotMatch(stderr, /secret/);
});
