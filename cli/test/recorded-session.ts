import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { TestContext } from "node:test";
import { PROGRAM_ENVIRONMENT } from "./sluice.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");
const BLOCK = /```console\n\$ (.*)\n([\s\S]*?)```/g;
/** What is another each time: ids, whole or their beginnings, times, addresses, who it was, and where a stack leads. */
const CHANGING = [
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g,
  /\b[0-9a-f]{8}\b/g,
  /\b\d{4}-\d\d-\d\dT[\d:.]+Z/g,
  /\b127\.0\.0\.1:\d+/g,
  /\b\d+ seconds?\b/g,
  /(?:\n {4}at .*)+/g,
  /\b\w+\.ts:\d+(?::\d+)?/g,
];

/**
 * Runs the commands of a page in turn, as a shell does, and holds what they say against what the page says. Ids that the page names
 * stand for those that came in the same place. With SLUICE_RECORD=1 the page is written anew instead.
 */
export async function replay(t: TestContext, page: string, connection: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-session-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, "sluice");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" --conditions=sluice-source "${MAIN}" "$@"\n`);
  chmodSync(program, 0o755);
  const env = {
    ...PROGRAM_ENVIRONMENT,
    SLUICE_CONNECTION: connection,
    PATH: `${folder}${delimiter}${process.env["PATH"]}`,
  };
  const text = readFileSync(page, "utf8");
  const realIds = new Map<string, string>();
  const isRecording = process.env["SLUICE_RECORD"] === "1";
  let recorded = text;
  for (const [block, command = "", said = ""] of text.matchAll(BLOCK)) {
    const typed = command.replaceAll(/\b[0-9a-f]{8}\b/g, (id) => realIds.get(id) ?? id);
    const output = await new Promise<string>((resolve) => {
      execFile("sh", ["-c", typed], { env, cwd: folder }, (_error, stdout, stderr) => resolve(stdout + stderr));
    });
    const ids = idsIn(output);
    for (const [index, id] of idsIn(said).entries()) realIds.set(id, ids[index] ?? id);
    if (isRecording) {
      recorded = recorded.replace(
        block,
        () => `\`\`\`console\n$ ${typed}\n${output.replaceAll(/(?:\n {4}at .*)+/g, "\n    at …")}\`\`\``,
      );
    } else assert.equal(steady(output), steady(said), `$ ${typed}\n${output}`);
  }
  if (isRecording) writeFileSync(page, recorded);
}

const steady = (text: string): string => CHANGING.reduce((so, changing) => so.replaceAll(changing, "…"), text);

const idsIn = (text: string): readonly string[] => text.match(/\b[0-9a-f]{8}\b/g) ?? [];
