import assert from "node:assert/strict";
import { type ClientHttp2Session, connect } from "node:http2";
import { describe, test, type TestContext } from "node:test";
import {
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from "@eventstore/db-client";
import type { EmbeddedOptions } from "../../src/index.ts";
import { all } from "../grpc/running-server.ts";
import { AttackedServer } from "./attacked-server.ts";
import { attackByCall } from "./call-attacks.ts";
import { Random } from "./random.ts";
import type { Fares } from "./served.ts";
import { attackByWire } from "./wire-attacks.ts";

/** 100,000 in the nightly form. */
const REQUESTS = Number(process.env["SLUICE_FUZZ_REQUESTS"] ?? 5000);
/** Each request is made of its number alone, so that any of them can be had again. */
const FIRST = Number(process.env["SLUICE_FUZZ_FIRST"] ?? 0);
const AT_ONCE = 40;
/** What the server may hold more in the end than after the first tenth. */
const GROWTH = 40 * 1024 * 1024;
/** What the process may take while it is attacked. */
const RESIDENT = 1024 * 1024 * 1024;

const seedOf = (number: number): number => Math.imul(number + 1, 0x9e37_79b1);

/** A connection for attacks that need one, made anew whenever an attack has broken it. */
function sessions(t: TestContext, server: AttackedServer, isTls: boolean): () => ClientHttp2Session {
  let current: ClientHttp2Session | undefined;
  t.after(() => current?.destroy());
  return () => {
    if (current === undefined || current.closed || current.destroyed) {
      current = connect(`${isTls ? "https" : "http"}://127.0.0.1:${server.port}`, { rejectUnauthorized: false });
      current.on("error", () => {});
    }
    return current;
  };
}

/** What a good client does, from its first event to its last. */
async function goodClient(connectionString: string, round: string): Promise<void> {
  const client = EventStoreDBClient.connectionString(connectionString);
  try {
    const stream = `good-${round}`;
    // With credentials of its own the append has a call of its own: the shared one loses the appends of every client in
    // the process when one client goes, and the other test's may.
    await client.appendToStream(
      stream,
      [1, 2, 3].map((n) => jsonEvent({ type: "Good", data: { n } })),
      { credentials: { username: "admin", password: "changeit" } },
    );
    assert.equal((await all(client.readStream(stream))).length, 3);
    const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START });
    await client.createPersistentSubscriptionToStream(stream, "good", settings);
    const group = client.subscribeToPersistentSubscriptionToStream(stream, "good");
    let got = 0;
    for await (const event of group) {
      await group.ack(event);
      if (++got === 3) break;
    }
    // Not the list of them: one with a broken query spoils it, as in the real server (corrections 3.3).
    assert.equal((await client.getProjectionStatus("$by_category")).name, "$by_category");
  } finally {
    await client.dispose();
  }
}

/** Names of the projections that clients have made, from where the server keeps them: one with a broken query spoils the list. */
async function projectionsOf(client: EventStoreDBClient): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const { event } of client.readStream("$projections-$all")) {
    const name = Buffer.from((event?.data ?? []) as Uint8Array).toString();
    if (event?.type === "$ProjectionCreated" && !name.startsWith("$")) names.add(name);
    if (event?.type === "$ProjectionDeleted") names.delete(name);
  }
  return [...names];
}

/**
 * Takes away what requests that were good by chance have left: groups hold the events that they will hand out, projections
 * have a script engine each.
 */
async function tidied(server: AttackedServer, connectionString: string): Promise<Fares> {
  const client = EventStoreDBClient.connectionString(connectionString);
  try {
    for (const { eventSource, groupName } of await client.listAllPersistentSubscriptions()) {
      if (eventSource === "$all") await client.deletePersistentSubscriptionToAll(groupName);
      else await client.deletePersistentSubscriptionToStream(eventSource, groupName);
    }
    for (const name of await projectionsOf(client)) {
      // A transient one may have gone by itself.
      await client.abortProjection(name).catch(() => {});
      await client.deleteProjection(name).catch(() => {});
    }
  } finally {
    await client.dispose();
  }
  return server.fares();
}

async function attack(
  t: TestContext,
  options: EmbeddedOptions,
  login: string,
  from: number,
  count: number,
): Promise<void> {
  const isTls = options.tls !== undefined;
  const server = await AttackedServer.start(options);
  t.after(() => server.stop());
  const session = sessions(t, server, isTls);
  const authorization = login === "" ? undefined : `Basic ${Buffer.from(login).toString("base64")}`;
  const address = server.connectionString.replace("esdb://", login === "" ? "esdb://" : `esdb://${login}@`);
  await goodClient(address, "before");

  let next = from;
  async function attacker(): Promise<void> {
    while (next < from + count && server.isAlive) {
      const random = new Random(seedOf(next++));
      if (random.chance(0.75)) await attackByCall(random, session(), random.chance(0.8) ? authorization : undefined);
      else await attackByWire(random, server.port, isTls);
    }
  }
  async function round(until: number): Promise<void> {
    const end = next + until;
    const stop = from + count;
    count = Math.min(end, stop) - from;
    await Promise.all(Array.from({ length: AT_ONCE }, attacker));
    count = stop - from;
  }

  await round(Math.ceil(count / 10));
  const early = await tidied(server, address);
  await round(count);
  assert.ok(server.isAlive, `dead before request ${next}:\n${server.stderr}`);
  await goodClient(address, "after");
  const late = await tidied(server, address);
  t.diagnostic(
    `${count} requests; held ${mb(early.held)} MB early, ${mb(late.held)} MB late; ${mb(late.resident)} MB resident`,
  );
  assert.deepEqual(late.warnings, []);
  assert.equal(server.stderr, "");
  assert.ok(late.held - early.held < GROWTH, `from ${mb(early.held)} to ${mb(late.held)} MB`);
  assert.ok(late.resident < RESIDENT, `${mb(late.resident)} MB`);
}

const mb = (bytes: number): number => Math.round(bytes / 1024 / 1024);

describe("fuzz", { concurrency: 2, timeout: 3_600_000 }, () => {
  test("fuzz – malformed requests harm nobody on a server without security", async (t) => {
    await attack(t, { memory: true, port: 0, compat: 25 }, "", FIRST, Math.ceil(REQUESTS * 0.7));
  });

  test("fuzz – malformed requests harm nobody on a server with security", async (t) => {
    await attack(t, { memory: true, port: 0, tls: true }, "admin:changeit", FIRST + 1e6, Math.floor(REQUESTS * 0.3));
  });
});
