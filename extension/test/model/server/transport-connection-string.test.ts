import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { transportConnectionString } from "../../../src/server/transport-connection-string.ts";

suite("connection string for the transport", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["esdb://localhost:2113?tls=false", "esdb://localhost:2113?tls=false"],
    ["kurrentdb://a:1,b:2/?tls=true", "esdb://a:1,b:2?tls=true"],
    ["kdb+discover://cluster:2113", "esdb+discover://cluster:2113"],
    ["esdb://a:1?node-preference=follower&tls=false&NODEPREFERENCE=random", "esdb://a:1?tls=false"],
    ["esdb://somebody@a:1?tlsCAFile=%2Fca.pem", "esdb://a:1?tlsCAFile=%2Fca.pem"],
  ];
  for (const [given, wanted] of cases) {
    test(`${given} leads to the node that leads`, () =>
      assert.equal(transportConnectionString(given, undefined), wanted));
  }

  test("login and password are encoded, so that nothing of them ends a part of it", () => {
    assert.equal(
      transportConnectionString("esdb://a:1", { login: "ann@home", password: "p:/?@%" }),
      "esdb://ann%40home:p%3A%2F%3F%40%25@a:1",
    );
  });
});
