import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { PrometheusMetrics } from "@sluice/transport/prometheus";
import { until } from "../endpoint/harness.ts";

/** The program, where it is installed. */
export const PROMETHEUS = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "prometheus"))
  .find((program) => existsSync(program));

/** A Prometheus that scrapes metrics five times a second. */
export interface RunningPrometheus extends AsyncDisposable {
  /** Whether it has something to answer. @throws where it refuses the query */
  answers(query: string): Promise<boolean>;
}

export async function startPrometheus(metrics: PrometheusMetrics): Promise<RunningPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-prometheus-"));
  const exposed = createServer(async (_, response) => {
    response.setHeader("content-type", metrics.contentType).end(await metrics.text());
  }).listen(0, "127.0.0.1");
  await once(exposed, "listening");
  const target = `127.0.0.1:${(exposed.address() as AddressInfo).port}`;
  await writeFile(
    join(folder, "prometheus.yml"),
    `scrape_configs: [{ job_name: sluice, scrape_interval: 200ms, static_configs: [{ targets: ["${target}"] }] }]\n`,
  );
  const address = `127.0.0.1:${await freePort()}`;
  const program = spawn(
    PROMETHEUS ?? "prometheus",
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=${address}`,
      "--log.level=error",
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const exited = once(program, "exit");
  const ask = async (path: string): Promise<Response | undefined> =>
    fetch(`http://${address}${path}`).catch(() => undefined);
  await until("Prometheus is ready", async () => (await ask("/-/ready"))?.ok === true);
  return {
    async answers(query) {
      const answer = await ask(`/api/v1/query?query=${encodeURIComponent(query)}`);
      const said = (await answer?.json()) as { status: string; error?: string; data?: { result: unknown[] } };
      if (said.status !== "success") throw new Error(`${query}: ${said.error ?? "refused"}`);
      return (said.data?.result.length ?? 0) > 0;
    },
    async [Symbol.asyncDispose]() {
      program.kill("SIGKILL");
      await exited;
      exposed.closeAllConnections();
      exposed.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A port that nobody listens on: Prometheus does not say which it was given. */
async function freePort(): Promise<number> {
  const server = createSocketServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
