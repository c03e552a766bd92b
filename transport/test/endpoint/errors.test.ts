import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import {
  BadConnectionString,
  command,
  component,
  deploy,
  DuplicateDeclaration,
  NotDeployed,
  openParked,
  startSender,
  ProjectionsNotRunning,
  ServerUnreachable,
  startEndpoint,
} from "../../src/index.ts";
import { onOwnServer } from "../server-under-test.ts";
import { bench } from "./harness.ts";

const Ping = command("errors.Ping", { to: "errors" })<Record<string, never>>();

test("errors – a bad connection string is refused with what one looks like", async () => {
  for (const connectionString of [
    "",
    "localhost:2113",
    "http://localhost:2113",
    "esdb://host:port",
    "esdb://host:1?tls=maybe",
  ]) {
    for (const attempt of [
      () => startEndpoint([component("c")], { connectionString }),
      () => deploy([component("c")], { connectionString }),
      () => startSender("s", { connectionString }),
    ]) {
      await assert.rejects(
        attempt,
        (error: unknown) => error instanceof BadConnectionString && /esdb:\/\/127\.0\.0\.1:2113/.test(error.message),
      );
    }
  }
});

test("errors – a connection string that is not there, as from a variable that nobody has set, is refused like a bad one", async () => {
  const connectionString = undefined as unknown as string;
  await assert.rejects(startEndpoint([component("c")], { connectionString }), BadConnectionString);
  await assert.rejects(deploy([component("c")], { connectionString }), BadConnectionString);
  await assert.rejects(startSender("s", { connectionString }), BadConnectionString);
  assert.throws(() => openParked("c", { connectionString }), BadConnectionString);
});

test("errors – a server that is not there is told with its address and what to do", async () => {
  const server = await startEmbedded({ memory: true, port: 0 });
  await server.stop();
  await assert.rejects(
    startEndpoint([component("c")], { connectionString: server.connectionString }),
    (error: unknown) =>
      error instanceof ServerUnreachable &&
      error.address === `127.0.0.1:${server.port}` &&
      /Start the server/.test(error.message),
  );
  const connectionString = server.connectionString;
  await assert.rejects(startSender("s", { connectionString, startWithin: 500 }), ServerUnreachable);
});

test("errors – where TLS is what keeps a server from answering, that is told with what the connection string needs", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "sluice-tls-"));
  const secure = await startEmbedded({ data: directory, port: 0, tls: true });
  const open = await startEmbedded({ memory: true, port: 0 });
  const web = createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
  await once(web, "listening");
  t.after(async () => {
    web.close();
    await Promise.all([secure.stop(), open.stop()]);
    rmSync(directory, { recursive: true });
  });
  const authority = `tlsCAFile=${encodeURIComponent(secure.tlsCAFile ?? "")}`;
  const cases: readonly (readonly [string, RegExp])[] = [
    [`esdb://127.0.0.1:${open.port}`, /It does not speak TLS\. Add \?tls=false to the connection string\.$/],
    [`esdb://127.0.0.1:${secure.port}?tls=false`, /It hangs up at once\. If it has TLS, take \?tls=false out of/],
    [`esdb://127.0.0.1:${secure.port}`, /certificate is not trusted here.*\?tlsCAFile=ca\.crt/],
    [`esdb://127.0.0.1:${(web.address() as AddressInfo).port}?tls=false`, /another protocol\. Correct the port\.$/],
    [`esdb://admin:wrong@127.0.0.1:${secure.port}?${authority}`, /does not take this user and password\. Correct them/],
    [`esdb://127.0.0.1:${secure.port}?${authority}`, /Put a user and password into the connection string/],
  ];
  for (const [connectionString, expected] of cases) {
    await assert.rejects(
      startSender("s", { connectionString, startWithin: 500 }).then((s) => s.send(Ping, {})),
      {
        message: expected,
      },
    );
  }
});

test("errors – who sends by what was stopped is told so, and not that there is no server", async () => {
  await using b = await bench();
  const sender = await startSender(b.name("s"), { connectionString: b.connectionString });
  await sender.stop();
  await assert.rejects(sender.send(Ping, {}), { name: "ServerUnreachable", message: /was closed here.*Start another/ });
});

test("errors – a message whose body nobody has said, which plain JavaScript lets pass, is not sent", async () => {
  await using b = await bench();
  const sender = await startSender(b.name("s"), { connectionString: b.connectionString });
  const unsaid = command("errors.Ping", { to: "errors" }) as unknown as typeof Ping;
  await assert.rejects(sender.send(unsaid, {}), { name: "TypeError", message: /Call it once more/ });
  await sender.stop();
});

test("errors – a password in the connection string is in no message", async () => {
  const server = await startEmbedded({ memory: true, port: 0 });
  await server.stop();
  const connectionString = `esdb://admin:secret@127.0.0.1:${server.port}?tls=false`;
  await assert.rejects(
    startSender("s", { connectionString, startWithin: 500 }),
    (error: Error) => !error.message.includes("secret"),
  );
});

test(
  "errors – a server without $by_category is refused with how to start it",
  onOwnServer("it stops a system projection"),
  async () => {
    await using b = await bench();
    await b.client.disableProjection("$by_category");
    await assert.rejects(
      deploy([component("c")], { connectionString: b.connectionString }),
      (error: unknown) => error instanceof ProjectionsNotRunning && /run-projections/.test(error.message),
    );
  },
);

test("errors – a component that is not deployed is told so, and the endpoint lets go of the server", async () => {
  await using b = await bench();
  const start = startEndpoint([component(b.name("c"))], { connectionString: b.connectionString, deploy: false });
  await assert.rejects(start, (error: unknown) => error instanceof NotDeployed && error.component === b.name("c"));
});

test("errors – two components of one name are refused before anything is connected", async () => {
  const options = { connectionString: "esdb://127.0.0.1:1?tls=false" };
  await assert.rejects(startEndpoint([component("c"), component("c")], options), DuplicateDeclaration);
});
