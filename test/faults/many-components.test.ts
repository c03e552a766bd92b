import assert from "node:assert/strict";
import { test } from "node:test";
import { command, component, startEndpoint } from "@sluice/transport";
import { ServerProcess } from "../server-process.ts";
import { until } from "../until.ts";
import { startFaultProxy } from "./fault-proxy.ts";

/** What EventStoreDB's web server lets a client have at once on one connection, by default. */
const CALLS = 100;
const COMPONENTS = 60;

test("receiving – more components in one process than a connection carries calls: all receive", async (t) => {
  const server = await ServerProcess.start(["--memory"]);
  t.after(() => server.stop());
  await using proxy = await startFaultProxy({ target: server.port, callsPerConnection: CALLS });
  const handled = new Set<string>();
  const commands = Array.from({ length: COMPONENTS }, (_, n) => command(`many${n}.Do`, { to: `many${n}` })<object>());
  const components = commands.map((on) => component(on.to, (c) => c.handle(on, () => void handled.add(on.to))));
  const { connectionString } = proxy;
  const endpoint = await startEndpoint(components, { connectionString, startWithin: 60_000, on: () => {} });
  await Promise.all(commands.map((one) => endpoint.send(one, {})));
  await until(async () => handled.size === COMPONENTS || undefined);
  await endpoint.stop();
  assert.equal(handled.size, COMPONENTS);
});
