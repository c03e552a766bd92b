import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EventStoreDBClient } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { deploy } from "@sluice/transport";
import { createUser } from "../../../transport/test/endpoint/create-user.ts";
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

test("doctor – over TLS it says what each login sees: an administrator all, a reader of the components most, a stranger little", async (t) => {
  const secured = await startEmbedded({ memory: true, port: 0, tls: true });
  t.after(() => secured.stop());
  const as = (login: string): string => secured.connectionString.replace("esdb://", `esdb://${login}:changeit@`);
  for (const login of ["support", "stranger"]) await createUser(as("admin"), login);
  const access = { members: "shop", readers: ["support"] };
  await deploy(components, { connectionString: as("admin"), access });
  const examined = async (login: string) => {
    const { code, stdout, stderr } = await sluice(t, as(login), ["doctor"]);
    return { code, stderr, said: stdout };
  };
  const admin = await examined("admin");
  assert.equal(admin.code, 0, admin.said + admin.stderr);
  assert.match(admin.said, /✓ this login sees everything/);
  const support = await examined("support");
  assert.equal(support.code, 0, support.said + support.stderr);
  assert.match(support.said, /This login does not see texts of projections/);
  assert.match(support.said, /\nsales\n {2}✓ runs as it was deployed\n/);
  const stranger = await examined("stranger");
  assert.equal(stranger.code, 1, "it may not even read what was deployed");
  assert.match(stranger.stderr, /refuses access/);
  const client = EventStoreDBClient.connectionString(as("admin"));
  t.after(() => client.dispose());
  await client.setStreamMetadata("handled.sales", {});
  const drifted = await examined("admin");
  assert.equal(drifted.code, 3);
  assert.match(drifted.said, /Rights are not as they were deployed on handled\.sales\./);
});
