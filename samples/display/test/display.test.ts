import assert from "node:assert/strict";
import { test } from "node:test";
import { displayOn, progressOn, table } from "@sluice/sample-display";

test("display – a terminal is drawn over, and what is said stays above", () => {
  let written = "";
  const { say, show } = displayOn({ isTTY: true, write: (text: string) => (written += text) });
  say("begin");
  show("a\nb");
  show("c\nd");
  say("news");
  show("e");
  assert.equal(written, "begin\na\nb\n\u001b[2A\u001b[Jc\nd\n\u001b[2A\u001b[Jnews\ne\n");
});

test("display – what is longer than a row of the terminal is drawn over as a whole", () => {
  let written = "";
  const { show } = displayOn({ isTTY: true, columns: 4, write: (text: string) => (written += text) });
  show("12345\n\n1234");
  show("a");
  assert.equal(written, "12345\n\n1234\n\u001b[4A\u001b[Ja\n");
});

test("display – a file gets one text after the other", () => {
  let written = "";
  const { show } = displayOn({ write: (text: string) => (written += text) });
  show("a");
  show("b");
  assert.equal(written, "a\nb\n");
});

test("display – progress is counted up on a terminal, and nowhere else", () => {
  let written = "";
  const output = { isTTY: true, write: (text: string) => (written += text) };
  const progress = progressOn(output, "orders");
  for (const done of [0, 0, 1, 2]) progress(done, 2);
  assert.equal(written, "\r0 of 2 orders\r1 of 2 orders\r2 of 2 orders\n");
  progressOn({ write: () => assert.fail() }, "orders")(1, 2);
});

test("display – a table has its numbers to the right", () => {
  const text = table([
    ["goods", "tonnes"],
    ["copper", 5],
    ["wool", 120],
  ]);
  assert.equal(text, "goods   tonnes\ncopper       5\nwool       120");
});
