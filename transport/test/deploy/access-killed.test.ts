import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { accessOf, accessWanted } from "../../src/deploy/access-wanted.ts";
import { deployShapes } from "../../src/deploy/deploy-component.ts";
import type { DeployHost } from "../../src/deploy/host.ts";
import { readJournal } from "../../src/deploy/journal.ts";
import { planShape } from "../../src/deploy/plan.ts";
import { hasAcl, isDeleted, metadataText, readMetadata, withAcl } from "../../src/deploy/stream-acl.ts";
import { type Access, rightsOf, type StreamAcl } from "../../src/topology/access.ts";
import type { ComponentShape } from "../../src/topology/shape.ts";
import { FakeServer, Killed } from "./fake-server.ts";

const D: ComponentShape = {
  name: "D",
  commands: [],
  replies: [],
  events: { T0: "now" },
  categories: { order: "now" },
  messageTimeout: 30_000,
};
const optionsOf = (server: FakeServer, access: (component: string) => Access) => ({
  environment: server.environment(),
  by: "test",
  done: () => {},
  exactly: true,
  accessOf: access,
});

const lastOf = async (host: DeployHost, stream: string) => {
  const [last] = await host.read(`$$${stream}`, { direction: "backwards", limit: 1 });
  return last?.event && readMetadata(last.event.data);
};

test("access – wherever a deployment of rights is killed the next one completes it, what else stands in metadata stays, and then there is nothing to do", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.integer({ min: 1, max: 90 }), after: fc.boolean() }), { maxLength: 3 }),
      fc.boolean(),
      async (kills, closesServer) => {
        const server = new FakeServer();
        server.add("in.D-other", "T0");
        server.add("later.D-other", "T0");
        server.add("order-1", "T0");
        const plain = server.process();
        const kept = { $maxCount: 7, $tb: 3, note: "mine", $acl: { $r: "somebody" } };
        const event = { id: "1", type: "$metadata", isJson: true, metadata: new Uint8Array() };
        const data = Buffer.from(JSON.stringify(kept));
        for (const stream of ["intermediate.D", "handled.D"]) await plain.append(`$$${stream}`, [{ ...event, data }]);
        const access = accessOf({ logins: { D: "d-svc", E: "e" }, members: "shop", closesServer }, ["D"]);
        for (const { at, after } of kills) {
          await deployShapes(server.process(at, after), [D], optionsOf(server, access)).catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error;
          });
        }
        await deployShapes(server.process(), [D], optionsOf(server, access));
        const { deployed } = await readJournal(plain, "D");
        for (const { stream, acl, maxCount } of rightsOf("D", deployed!, access("D"))) {
          const document = await lastOf(plain, stream);
          const isLeft = stream === "out-D" || stream === "out-order" || stream === "in.D-subscriptions";
          assert.equal(hasAcl(document, acl), !isLeft, stream);
          if (maxCount !== undefined && stream !== "handled.D") assert.equal(document?.["$maxCount"], maxCount);
          if (stream !== "intermediate.D" && stream !== "handled.D") continue;
          const { $acl: _acl, ...rest } = document!;
          const { $acl: _before, ...before } = kept;
          assert.deepEqual(rest, before);
        }
        const [settings] = await plain.read("$settings", { direction: "backwards", limit: 1 });
        assert.equal(settings !== undefined, closesServer);
        const { steps, access: planned } = await planShape(plain, D, access);
        assert.deepEqual(steps, []);
        assert.deepEqual(planned?.notThereYet, ["out-D", "out-order", "in.D-subscriptions"]);
      },
    ),
    { numRuns: 60 },
  );
});

test("access – a deployment of some components does not forget the streams for sending to the others", () => {
  const of = accessOf({}, ["A", "B", "C"]);
  const deployed = { generator: 1, backfills: [], routers: {}, access: of("A") };
  assert.deepEqual(accessWanted(accessOf({}, ["A"])("A"), deployed)?.others, ["B", "C"]);
  assert.equal(accessWanted(undefined, deployed), undefined);
  assert.throws(() => accessOf({ closesServer: true }, ["A"]), /name that group/);
  assert.throws(() => accessOf({ logins: { A: "" } }, ["A"]), /empty/);
});

test("access – numbers in metadata keep each of their digits, and what is no metadata is taken for none", () => {
  const acl: StreamAcl = { $r: ["a", "b"], $w: ["a"], $d: ["$admins"], $mr: ["a"], $mw: ["$admins"] };
  const text = '{"$tb":9007199254740993,"big":-123456789012345678901234567890,"f":1.5,"s":"9007199254740993"}';
  const written = metadataText(withAcl(readMetadata(Buffer.from(text)), acl, 10));
  assert.equal(
    written,
    '{"$maxCount":10,"$tb":9007199254740993,"big":-123456789012345678901234567890,"f":1.5,"s":"9007199254740993","$acl":{"$r":["a","b"],"$w":"a","$d":"$admins","$mr":"a","$mw":"$admins"}}',
  );
  const document = readMetadata(Buffer.from(written));
  assert.ok(hasAcl(document, acl));
  assert.ok(hasAcl(document, { ...acl, $r: ["b", "a"] }), "in any order");
  assert.ok(!hasAcl(document, { ...acl, $r: ["a"] }) && !hasAcl(undefined, acl));
  assert.ok(isDeleted(readMetadata(Buffer.from('{"$tb":9223372036854775807}'))));
  for (const none of ["", "7", "[]", "null", "{"]) assert.equal(readMetadata(Buffer.from(none)), undefined);
});
