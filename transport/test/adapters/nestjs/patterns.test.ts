import assert from "node:assert/strict";
import { test } from "node:test";
import { inOrder } from "../../../src/adapters/nestjs/in-order.ts";
import { matchesPattern, subscriptionsFor } from "../../../src/adapters/nestjs/patterns.ts";

test("nestjs – * stands for one word, # for any number, > for one or more at the end", () => {
  const types = ["a", "a.b", "a.b.c", "a.c", "b.a"];
  const meant = (pattern: string) => types.filter((type) => matchesPattern(pattern, type));
  assert.deepEqual(meant("a"), ["a"]);
  assert.deepEqual(meant("a.*"), ["a.b", "a.c"]);
  assert.deepEqual(meant("a.#"), ["a", "a.b", "a.b.c", "a.c"]);
  assert.deepEqual(meant("a.>"), ["a.b", "a.b.c", "a.c"]);
  assert.deepEqual(meant("a.#.c"), ["a.b.c", "a.c"]);
  assert.deepEqual(meant("a.*.c"), ["a.b.c"]);
  assert.deepEqual(meant('{"cmd":"*"}'), []);
});

test("nestjs – what is subscribed to for a pattern brings all that it means", () => {
  assert.deepEqual(subscriptionsFor("a.b"), ["a.b"]);
  assert.deepEqual(subscriptionsFor("a.b.*"), ["a.b.*"]);
  assert.deepEqual(subscriptionsFor("a.*.c"), ["a.*"]);
  assert.deepEqual(subscriptionsFor("a.#"), ["a", "a.*"]);
  assert.deepEqual(subscriptionsFor('{"cmd":"a.*"}'), ['{"cmd":"a.*"}']);
  assert.throws(() => subscriptionsFor("#"), { name: "InvalidPattern", pattern: "#" });
});

test("nestjs – the values of an answer are handed on once and in order, however they come", () => {
  const seen: string[] = [];
  const take = inOrder((value: string) => seen.push(value));
  for (const [index, value] of [
    [1, "b"],
    [0, "a"],
    [0, "a again"],
    [3, "d"],
    [1, "b again"],
    [2, "c"],
  ] as const)
    take(index, value);
  assert.deepEqual(seen, ["a", "b", "c", "d"]);
});
