import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { completionOf } from "../src/command-line/completion.ts";
import { COMMANDS } from "../src/commands/all.ts";

/** What bash offers behind these words. */
function offered(...words: readonly string[]): readonly string[] {
  const asked = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const script = `${completionOf("bash", COMMANDS)}\n${asked}`;
  const output = execFileSync("bash", ["-c", script], { encoding: "utf8", cwd: import.meta.dirname });
  return output.split("\n").filter((line) => line !== "");
}

test("completion – commands, what they take, their options and the values of these", () => {
  assert.deepEqual(offered("sluice", "de"), ["deploy", "describe", "deployments"]);
  assert.deepEqual(offered("sluice", "parked", "re"), ["retry"]);
  assert.deepEqual(offered("sluice", "parked", "retry", "billing", "--a"), ["--all"]);
  assert.deepEqual(offered("sluice", "tail", "--from", ""), ["start", "end"]);
  assert.deepEqual(offered("sluice", "plan", "complet"), ["completion.test.ts"]);
  assert.deepEqual(offered("sluice", "send", "--body", "complet"), ["completion.test.ts"]);
  assert.deepEqual(offered("sluice", "completion", "z"), ["zsh"]);
  assert.deepEqual(offered("sluice", "nothing", "x"), []);
});

test("completion – the script for zsh begins as zsh wants it", () => {
  assert.match(completionOf("zsh", COMMANDS), /^#compdef sluice\n/);
});
