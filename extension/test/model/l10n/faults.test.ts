import assert from "node:assert/strict";
import { test } from "node:test";
import { manifestFaults } from "../../../scripts/l10n/manifest-faults.ts";
import { schemaFaults } from "../../../scripts/l10n/schema-faults.ts";
import { translationFaults } from "../../../scripts/l10n/translation-faults.ts";

test("manifest – what is shown is a key, which has a text", () => {
  const manifest = {
    name: "sluice-vscode",
    displayName: "Sluice",
    capabilities: { untrustedWorkspaces: { description: "%untrusted%" } },
    contributes: { commands: [{ command: "sluice.connect", title: "Connect", category: "Sluice" }] },
  };
  assert.deepEqual(manifestFaults(manifest, { left: "Left over" }), [
    'package.json: displayName is "Sluice" instead of a key such as %key%.',
    'package.json: contributes.commands.0.title is "Connect" instead of a key such as %key%.',
    "package.nls.json: the text untrusted is missing.",
    "package.nls.json: nothing uses left.",
  ]);
});

test("translation – says all, with the same places for values and the same commands", () => {
  const original = { one: "{0} of {1}", two: "[Go](command:go)", three: "Three" };
  assert.deepEqual(translationFaults(original, { one: "{1} von {0}", two: "[Los](command:go)", three: "Drei" }), []);
  assert.deepEqual(translationFaults(original, { one: "{0} von 2", two: "[Los](command:los)", four: "Vier" }), [
    'lacks "three"',
    'has "four", which is not used',
    'has other places for values in "one"',
    'has other places for values in "two"',
  ]);
});

test("schema – takes the same, in other words", () => {
  const schema = (type: string, description: string) => ({ properties: { name: { type, description } } });
  assert.deepEqual(schemaFaults(schema("string", "Its name."), schema("string", "Sein Name.")), []);
  assert.deepEqual(schemaFaults(schema("string", "Its name."), schema("number", "Its name.")), [
    "takes something else than the original",
    'does not translate "Its name."',
  ]);
  // A property may be called like one of the schema's own.
  const called = { properties: { description: { type: "string" } } };
  assert.deepEqual(schemaFaults(called, { properties: {} }), ["takes something else than the original"]);
});
