import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { running } from "../running-command.ts";

/** Exports everything, and answers the closing report. */
export async function exported(t: TestContext, from: string, to: string): Promise<Record<string, unknown>> {
  const { code, errors, lines } = await running(t, "export", "--connection", from, "--to", to, "--json").end();
  assert.equal(code, 0, errors);
  return JSON.parse(lines.at(-1)!) as Record<string, unknown>;
}

/** Imports everything, and answers the closing report. */
export async function imported(t: TestContext, from: string, to: string): Promise<Record<string, unknown>> {
  const { code, errors, lines } = await running(t, "import", "--from", from, "--connection", to, "--json").end();
  assert.equal(code, 0, errors);
  return JSON.parse(lines.at(-1)!) as Record<string, unknown>;
}
