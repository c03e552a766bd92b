import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { exampleOf } from "./example-of.ts";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "embedded/docs/server.md"), "utf8");

/** Words of a command as a shell takes them apart; the page quotes nothing but connection strings. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");

/** The commands of the page, block by block. */
const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) =>
  block.split("\n").filter((line) => line.startsWith("sluice-embedded")),
);

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function run(t: TestContext, cwd: string, args: readonly string[]): ChildProcess {
  const main = join(root, "embedded/src/cli/main.ts");
  const child = spawn(process.execPath, ["--conditions=sluice-source", main, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  return child;
}

/** Until it serves: the first line says so, as text or as JSON. */
async function served(child: ChildProcess): Promise<void> {
  for await (const line of createInterface({ input: child.stdout! })) if (line.includes("listening")) return;
  assert.fail("it ended before it listened");
}

test("docs/embedded – every command that is shown runs", async (t) => {
  assert.equal(blocks.flat().length, 11);
  const directory = mkdtempSync(join(tmpdir(), "sluice-page-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const ports = new Map<string, number>();
  for (const port of ["2113", "2114", "9113"]) ports.set(port, await freePort());
  const here = (word: string): string => word.replaceAll(/\b(?:2113|2114|9113)\b/g, (port) => String(ports.get(port)));
  for (const block of blocks) {
    const servers: ChildProcess[] = [];
    // A block of servers alone shows them one by one; in any other they run while the rest is done.
    const isOfServers = block.every((command) => command.startsWith("sluice-embedded --"));
    const stop = async (): Promise<void> => {
      for (const server of servers.splice(0)) {
        server.kill("SIGTERM");
        if (server.exitCode === null) await once(server, "exit");
      }
    };
    for (const command of block) {
      const args = wordsOf(command).slice(1).map(here);
      const isServer = args[0]!.startsWith("--");
      const hasPort = args.includes("--port");
      const child = run(t, directory, isServer && !hasPort ? [...args, "--port", here("2113")] : args);
      if (isServer) {
        servers.push(child);
        await served(child);
        child.stdout!.resume();
        if (isOfServers) await stop();
        else if (!hasPort) await appendSomething(here("2113"));
      } else {
        child.stdout!.resume();
        assert.deepEqual(await once(child, "exit"), [0, null], command);
      }
    }
    await stop();
  }
});

async function appendSomething(port: string): Promise<void> {
  const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
  await client.appendToStream("order-17", jsonEvent({ type: "OrderPlaced", data: { total: 120 } }));
  await client.dispose();
}

for (const shown of ["embedded/docs/server.md", "embedded/README.md"]) {
  test(`${shown} – the example compiles, runs and ends by itself`, async (t) => {
    const folder = exampleOf(shown, t);
    await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
    const args = ["--conditions=sluice-source", join(folder, "example.ts")];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    assert.equal(stdout, "OrderPlaced { total: 120 }\n");
  });
}

test("docs/embedded – the table of deviations is what the recordings are held to", () => {
  const stated = JSON.parse(readFileSync(join(root, "embedded/deviations.json"), "utf8")) as Record<string, string>;
  const [, table = ""] = /<!-- deviations -->([\s\S]*?)<!-- end of deviations -->/.exec(page) ?? [];
  const rows = [...table.matchAll(/^\| `([^`]+)` +\| (.*?) +\|$/gm)].map(([, name, why]) => [name, why]);
  assert.deepEqual(Object.fromEntries(rows), stated);
  assert.match(table, /^\| recording/m);
});
