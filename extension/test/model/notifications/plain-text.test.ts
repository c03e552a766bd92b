import assert from "node:assert/strict";
import { test } from "node:test";
import { plainText } from "../../../src/notifications/plain-text.ts";

/** What VS Code makes a link of. */
const LINK = /\[[^\]]+\]\((?:https?:\/\/|command:|file:)[^)\s]+/i;

test("plain text – what a stream or a server is called leads nowhere, and everything else stays", () => {
  const name = "[Retry](command:workbench.action.quit)";
  assert.match(name, LINK);
  assert.doesNotMatch(plainText(`There is no stream ${name}, nor [x](https://example.org).`), LINK);
  const sentence = "The server answered: [1] (2), f(x)[0].";
  assert.equal(plainText(sentence), sentence);
});
