import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Connection } from "../../../src/connections/connection.ts";
import { freeName, nameProblem, storedConnections, withChanged } from "../../../src/connections/connection-list.ts";

const connection = (id: string, name: string): Connection => ({
  id,
  name,
  connectionString: "esdb://h",
  policy: "confirm",
  origin: "user",
});

suite("connection list", () => {
  const list = [connection("1", "local"), connection("2", "staging")];

  test("names are there, and differ by more than case", () => {
    assert.equal(nameProblem("  ", list), "empty");
    assert.equal(nameProblem(" Staging ", list), "taken");
    assert.equal(nameProblem("production", list), undefined);
    assert.equal(freeName("local", [...list, connection("3", "LOCAL 2")]), "local 3");
    assert.equal(freeName("new", list), "new");
  });

  test("a change keeps place, id and origin", () => {
    const changed = withChanged(list, "1", (one) => ({ ...one, id: "x", name: "here" }));
    assert.deepEqual(changed, [{ ...list[0], name: "here" }, list[1]]);
  });

  test("what was kept is read as it was written", () => {
    const full: Connection = { ...connection("1", "a"), login: "admin", color: "red" };
    assert.deepEqual(storedConnections(JSON.parse(JSON.stringify([full]))), [full]);
  });

  test("a color that was kept under its former name is found", () => {
    const kept = [{ ...connection("1", "a"), colour: "red" }];
    assert.deepEqual(storedConnections(kept), [{ ...connection("1", "a"), color: "red" }]);
  });

  test("what is no connection is left out, and a policy nobody knows lets nobody write", () => {
    const kept = [null, "x", { id: "1" }, { ...connection("2", "b"), policy: "anything", color: "pink" }];
    assert.deepEqual(storedConnections(kept), [{ ...connection("2", "b"), policy: "read-only" }]);
    assert.deepEqual(storedConnections({ not: "a list" }), []);
    assert.deepEqual(storedConnections(undefined), []);
  });
});
