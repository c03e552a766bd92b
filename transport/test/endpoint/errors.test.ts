import assert from "node:assert/strict";
import { test } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import {
  BadConnectionString,
  component,
  deploy,
  DuplicateDeclaration,
  NotDeployed,
  startSender,
  ProjectionsNotRunning,
  ServerUnreachable,
  startEndpoint,
} from "../../src/index.ts";
import { onOwnServer } from "../server-under-test.ts";
import { bench } from "./harness.ts";

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
