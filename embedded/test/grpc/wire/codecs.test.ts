import assert from "node:assert/strict";
import { test } from "node:test";
import { flattenGenerated, flattenOwn } from "./flatten.ts";
import { allSamples } from "./samples.ts";

/** Leaves out what proto3 does not write: defaults, and lists without elements. */
const isDefault = (text: string): boolean => ["", "0", "false"].includes(text);

for (const [i, { name, own, generated, value, enums }] of allSamples.entries()) {
  test(`wire – ${name} is what the official client's classes take it for (${i})`, () => {
    const bytes = own.encode(value);
    const theirs = generated.deserializeBinary(bytes);

    const expected = flattenOwn(value);
    for (const [path, text] of Object.entries(expected)) expected[path] = enums[text] ?? text;
    const actual = flattenGenerated(theirs.toObject());
    for (const [path, text] of Object.entries(actual)) {
      if (isDefault(text) && expected[path] === undefined) delete actual[path];
    }
    for (const [path, text] of Object.entries(expected)) {
      if (isDefault(text) && actual[path] === undefined) delete expected[path];
    }
    assert.deepEqual(actual, expected);

    // and back: what they write is read as what went out
    assert.deepEqual(own.decode(theirs.serializeBinary()), own.decode(bytes));
    const again = flattenOwn(own.decode(bytes));
    for (const [path, text] of Object.entries(flattenOwn(value))) {
      if (!isDefault(text)) assert.equal(again[path], text, path);
    }
  });
}
