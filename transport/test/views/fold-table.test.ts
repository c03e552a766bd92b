import assert from "node:assert/strict";
import { test } from "node:test";
import { foldTable } from "../../src/views/fold-table.ts";

const fold = (type: string) => ({ on: { kind: "event" as const, type }, declared: undefined, fold: () => undefined });

test("views – 33. an event is folded once: by its own type, else its nearest base type, else the longest wildcard", () => {
  const find = foldTable(["sales.Placed", "sales.Base", "sales.*", "sales.eu.*"].map(fold));
  const found = (type: string, baseTypes: readonly string[] = []) => find(type, baseTypes)?.on.type;
  assert.equal(found("sales.Placed", ["sales.Base"]), "sales.Placed");
  assert.equal(found("sales.Rush", ["x.Unknown", "sales.Base"]), "sales.Base");
  assert.equal(found("sales.Rush"), "sales.*");
  assert.equal(found("sales.eu.Rush"), "sales.eu.*");
  assert.equal(found("salesman.Rush"), undefined);
});
