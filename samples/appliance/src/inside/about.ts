import { readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { uptime } from "node:os";
import { join } from "node:path";
import { HOST, NAME_SERVER, SERVER } from "../addresses.ts";

/** Milliseconds after which nobody answers. */
const PATIENCE = 3_000;

/** What there is in this machine, as its kernel tells, and what it reaches. */
export async function aboutThisMachine() {
  const memory = await numbersIn("/proc/meminfo");
  const own = await numbersIn("/proc/self/status");
  const [, port = 0] = /probe=(\d+)/.exec(await readFile("/proc/cmdline", "utf8")) ?? [];
  const addresses = [
    SERVER,
    // The same server by the way that is closed, and whatever else there might be.
    { host: HOST, port: Number(port) },
    { host: NAME_SERVER, port: 53 },
    { host: "192.0.2.1", port: 80 },
  ];
  const answers = await Promise.all(addresses.map(isReached));
  return {
    uptime: uptime(),
    memory: memory.get("MemTotal") ?? 0,
    taken: (memory.get("MemTotal") ?? 0) - (memory.get("MemAvailable") ?? 0),
    resident: own.get("VmRSS") ?? 0,
    pid: process.pid,
    processes: await processes(),
    files: await filesIn("/"),
    listening: (await Promise.all(["tcp", "tcp6"].map(listeningIn))).reduce((sum, each) => sum + each, 0),
    reached: addresses.flatMap(({ host, port }, index) => (answers[index] === true ? `${host}:${port}` : [])),
  };
}

async function numbersIn(file: string): Promise<ReadonlyMap<string, number>> {
  const lines = (await readFile(file, "utf8")).matchAll(/^(\w+):\s+(\d+)/gm);
  return new Map(Array.from(lines, ([, name = "", number]) => [name, Number(number)]));
}

/** Names of what runs that is not the kernel's own. */
async function processes(): Promise<readonly string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return commands.flatMap((command) => (command === "" ? [] : (command.split("\0")[0] ?? [])));
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) found.push(path);
    else if (path !== "/proc") found.push(...(await filesIn(path)));
  }
  return found;
}

/** Sockets in state 0A, which is to listen. */
async function listeningIn(protocol: string): Promise<number> {
  const table = await readFile(`/proc/net/${protocol}`, "utf8").catch(() => "");
  return table.match(/^\s*\d+: \S+ \S+ 0A /gm)?.length ?? 0;
}

function isReached({ host, port }: { readonly host: string; readonly port: number }): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port });
  socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  const patience = setTimeout(() => resolve(false), PATIENCE);
  return promise.finally(() => {
    clearTimeout(patience);
    socket.destroy();
  });
}
