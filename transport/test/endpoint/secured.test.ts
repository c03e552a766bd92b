import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import {
  AccessRefused,
  aggregate,
  command,
  component,
  deploy,
  event,
  history,
  startSender,
  startEndpoint,
  view,
} from "../../src/index.ts";
import { onOwnServer } from "../server-under-test.ts";
import { createUser } from "./create-user.ts";
import { until } from "./harness.ts";

/** What each user may do here is set up by the test. */
const secured = onOwnServer("it makes users and tries wrong passwords");

const Do = command("work.Do", { to: "work" })<{ n: number }>();
const Done = event("work.Done")<{ n: number }>();
const Noted = event("notes.Noted")<{ n: number }>();

test("endpoint – over TLS with a user and password everything works", secured, async (t) => {
  const data = await mkdtemp(join(tmpdir(), "sluice-"));
  const server = await startEmbedded({ data, port: 0, tls: true });
  t.after(async () => {
    await server.stop();
    await rm(data, { recursive: true });
  });
  const connectionString = server.connectionString.replace("esdb://", "esdb://admin:changeit@");
  const notes = aggregate("note", {}, (a) =>
    a.decide(
      Done,
      (e) => `${e.n}`,
      (_, e) => Noted(e),
    ),
  );
  const noted: number[] = [];
  const endpoint = await startEndpoint(
    [
      component("work", (c) => c.handle(Do, (m, ctx) => ctx.publish(Done, m))),
      component("notes", (c) => {
        c.aggregate(notes);
        c.handle(Noted, (e) => void noted.push(e.n));
      }),
    ],
    { connectionString },
  );
  const sender = await startSender("test", { connectionString });
  await sender.send(Do, { n: 1 });
  await until("it is noted", () => noted.length === 1);
  await sender.stop();
  await endpoint.stop();
});

test(
  "endpoint – 68. a wrong or missing login is refused everywhere with what to do, whatever is deployed",
  secured,
  async (t) => {
    const data = await mkdtemp(join(tmpdir(), "sluice-"));
    const server = await startEmbedded({ data, port: 0, tls: true });
    t.after(async () => {
      await server.stop();
      await rm(data, { recursive: true });
    });
    const admin = server.connectionString.replace("esdb://", "esdb://admin:changeit@");
    const done = view(
      "done",
      () => 0,
      (v) => v.on(Done, (n) => n + 1),
    );
    const work = component("work", (c) => {
      c.handle(Do, (m, ctx) => ctx.publish(Done, m));
      c.view(done);
    });
    await deploy([work], { connectionString: admin });
    for (const connectionString of [server.connectionString, admin.replace("changeit", "guess")]) {
      for (const attempt of [
        () => startEndpoint([work], { connectionString }),
        () => startEndpoint([work], { connectionString, deploy: false }),
        () => startEndpoint([component("plain")], { connectionString, deploy: false }),
        () => deploy([work], { connectionString }),
        () => startSender("test", { connectionString }),
      ]) {
        await assert.rejects(
          attempt,
          (error) => error instanceof AccessRefused && error.message.includes("user and password"),
          `${attempt}`,
        );
      }
    }
  },
);

test(
  "deploy – rights: a login without administrators' rights starts what is deployed, and is refused where something has to be",
  secured,
  async (t) => {
    const server = await startEmbedded({ memory: true, port: 0, tls: true });
    t.after(() => server.stop());
    const as = (login: string): string => server.connectionString.replace("esdb://", `esdb://${login}:changeit@`);
    await createUser(as("admin"), "worker");
    const done: number[] = [];
    const work = component("work", (c) => {
      c.handle(Do, (m, ctx) => ctx.publish(Done, m));
      c.handle(Done, (m) => void done.push(m.n));
    });
    const more = component("work", (c) => {
      c.handle(Done, () => {});
      c.handle(Noted, () => {});
    });
    const asWorker = { connectionString: as("worker") };
    await assert.rejects(startEndpoint([work], asWorker), AccessRefused);
    await deploy([work], { connectionString: as("admin") });
    const seen: string[] = [];
    const endpoint = await startEndpoint([work], { ...asWorker, on: ({ kind }) => void seen.push(kind) });
    t.after(() => endpoint.stop());
    await endpoint.send(Do, { n: 1 });
    await until("it is done", () => done.length === 1);
    const { steps, problems } = await deploy([work], asWorker);
    assert.deepEqual([...new Set(steps.map(({ action }) => action)), ...problems], ["unchanged"]);
    await assert.rejects(deploy([more], asWorker), AccessRefused);
    assert.ok(
      (await history("work", asWorker)).every(({ outcome }) => outcome !== "open"),
      "nobody waits for it",
    );
    await endpoint.send(Do, { n: 2 });
    await until("it goes on", () => done.length === 2);
    assert.ok(!seen.includes("projection failed"));
  },
);
