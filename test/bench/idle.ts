/**
 * What components cost that have nothing to do: the processor time and the memory of their process and of the server, once all
 * receive.
 *
 *   node --conditions=sluice-source test/bench/idle.ts [--components 1000 --seconds 30 --json]
 */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { command, component, startEndpoint } from "@sluice/transport";
import { ServerProcess } from "../server-process.ts";

const { values } = parseArgs({
  options: {
    components: { type: "string", default: "1000" },
    seconds: { type: "string", default: "30" },
    json: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds);
const components = Array.from({ length: Number(values.components) }, (_, n) => {
  const name = `idle${n}`;
  return component(name, (c) => c.handle(command(`${name}.Do`, { to: name })<object>(), () => {}));
});

/** Processor time of a process so far, in milliseconds: fields 14 and 15 of its line, in hundredths of a second. */
function processorTime(pid: number): number {
  const [, after = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const fields = after.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const megabytes = (pid: number): number => {
  const [, kilobytes = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kilobytes) / 1024);
};

const data = await mkdtemp(join(tmpdir(), "sluice-idle-"));
const server = await ServerProcess.start(["--data", data]);
try {
  const begun = performance.now();
  const endpoint = await startEndpoint(components, {
    connectionString: server.connectionString,
    startWithin: 600_000,
    on: () => {},
  });
  const started = performance.now() - begun;
  // What a start leads to is over by then.
  await sleep(10_000);
  const pids = { client: process.pid, server: server.pid };
  const before = { client: processorTime(pids.client), server: processorTime(pids.server) };
  await sleep(seconds * 1000);
  const ofCore = (who: keyof typeof pids): number => (processorTime(pids[who]) - before[who]) / (seconds * 1000);
  const result = {
    components: components.length,
    startSeconds: Math.round(started / 1000),
    client: { core: ofCore("client"), megabytes: megabytes(pids.client) },
    server: { core: ofCore("server"), megabytes: megabytes(pids.server) },
  };
  if (values.json) console.log(JSON.stringify(result));
  else {
    console.log(`${result.components} idle components, started in ${result.startSeconds} s`);
    for (const who of ["client", "server"] as const) {
      console.log(`${who}: ${(100 * result[who].core).toFixed(1)} % of a core, ${result[who].megabytes} MB`);
    }
  }
  await endpoint.stop();
} finally {
  await server.stop();
  await rm(data, { recursive: true });
}
