import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import { AccessRefused, aggregate, command, component, event, startSender, startEndpoint } from "../../src/index.ts";
import { until } from "./harness.ts";

const Do = command("work.Do", { to: "work" })<{ n: number }>();
const Done = event("work.Done")<{ n: number }>();
const Noted = event("notes.Noted")<{ n: number }>();

test("endpoint – over TLS with a user and password everything works; without, access is refused with what to do", async (t) => {
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

  const refused = (error: unknown) => error instanceof AccessRefused && error.message.includes("user and password");
  await assert.rejects(startEndpoint([component("work")], { connectionString: server.connectionString }), refused);
  const wrong = connectionString.replace("changeit", "guess");
  await assert.rejects(startSender("test", { connectionString: wrong }), refused);
});
