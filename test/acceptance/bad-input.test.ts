import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  closeSync,
  cpSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { binaryEvent, EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { type Ended, run, SampleProcess } from "./sample-process.ts";
import { until } from "../until.ts";

/** One line that says what is wrong and what to do, nothing on stdout, and an exit code that tells it failed. */
function assertRefused({ code, stdout, stderr }: Ended, says: RegExp, expected = 1): void {
  assert.match(stderr, says);
  assert.match(stderr, /^[^\n]+\n$/, "one line, so no stack trace");
  assert.equal(stdout, "");
  assert.equal(code, expected);
}

function contentOf(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path, createHash("sha256").update(readFileSync(path)).digest("hex")];
    }),
  );
}

test("bad input – an option that makes no sense", async () => {
  assertRefused(await run("--orders", "none"), /--orders takes a whole number from 1 to 1000000, not "none"\./, 2);
});

test("bad input – a bad connection string", async () => {
  const ended = await run("--orders", "1", "--json", "--connection", "localhost:2113");
  assertRefused(ended, /connection string is not usable.* It must be like esdb:\/\/127\.0\.0\.1:2113\?tls=false/);
});

test("bad input – a server that is not there", async () => {
  const ended = await run("--connection", "esdb://127.0.0.1:9?tls=false");
  assertRefused(ended, /No answer from EventStoreDB at 127\.0\.0\.1:9\. Start the server or correct the address/);
});

test("bad input – a component name with a dash", () => {
  const script = `import { component } from "@sluice/transport"; component("purchase-orders");`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--conditions=sluice-source", "--input-type=module", "--eval", script],
    { cwd: import.meta.dirname, encoding: "utf8" },
  );
  assert.equal(status, 1);
  assert.match(stderr, /InvalidName: .*"purchase-orders".*letters, digits/);
});

describe("bad input – on data that is in use or was used", () => {
  const parent = mkdtempSync(join(tmpdir(), "sluice-bad-input-"));
  const data = join(parent, "data");
  const backup = join(parent, "backup");
  const orders = ["--orders", "10", "--json", "--data"];
  let first: Ended;

  before(async () => {
    first = await run(...orders, data);
    assert.equal(first.code, 0, first.stderr);
    cpSync(data, backup, { recursive: true });
  });
  after(() => rmSync(parent, { recursive: true }));

  test("a file where the data directory should be", async () => {
    const file = join(parent, "file");
    writeFileSync(file, "");
    assertRefused(await run(...orders, file), /data directory .*\./);
  });

  for (const [what, damage] of [
    ["overwritten", overwrite],
    ["cut short", (file: string) => truncateSync(file, 5_000)],
    ["another program's", (file: string) => writeFileSync(file, "these are somebody's notes\n")],
  ] as const) {
    test(`a data directory that is corrupt: ${what}`, async () => {
      const corrupt = join(parent, what);
      cpSync(backup, corrupt, { recursive: true });
      damage(join(corrupt, "log.mdb"));
      const damaged = contentOf(corrupt);
      assertRefused(
        await run(...orders, corrupt),
        /The data directory .* cannot be used: .* restore it from a backup, or give another directory/,
      );
      assert.deepEqual(contentOf(corrupt), damaged, "nothing in it was changed");
    });
  }

  test("a port in use", async (t) => {
    const occupant = createServer().listen(0, "127.0.0.1");
    t.after(() => occupant.close());
    await once(occupant, "listening");
    const { port } = occupant.address() as { port: number };
    const ended = await run("--data", data, "--port", String(port));
    assertRefused(ended, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is in use\\. .* choose another port with --port`));
  });

  test("a data directory in use, and bodies that are not JSON: those are parked, and the rest goes on", async (t) => {
    const sample = SampleProcess.start("--rate", "20", "--data", data);
    t.after(() => sample.end("SIGKILL"));
    const [, connectionString] = await sample.said(/on (esdb:\S+)\. Ctrl-C stops/);
    assertRefused(await run(...orders, data), /The data directory .* is in use by the process \d+\. Stop that server/);

    const client = EventStoreDBClient.connectionString(connectionString!);
    const type = "ordering.PlaceOrder";
    await client.appendToStream("in.ordering-foreign", [
      binaryEvent({ type, data: Buffer.from("{ this is not JSON") }),
      jsonEvent({ type, data: "nor is this an order" }),
      jsonEvent({ type, data: { orderId: 17 } }),
    ]);
    for (const reason of ["no JSON object", "must name an order"]) {
      await sample.said(new RegExp(`^ordering has parked ordering\\.PlaceOrder: .*${reason}`, "m"));
    }
    const placed = async () => {
      let last = -1n;
      const options = { maxCount: 1, direction: "backwards", fromRevision: "end" } as const;
      for await (const { event } of client.readStream("$ce-order", options)) last = event!.revision;
      return last;
    };
    await until(async () => {
      const { stats } = await client.getPersistentSubscriptionToStreamInfo("$ce-in.ordering", "ordering");
      return stats.parkedMessageCount === 3n ? true : undefined;
    });
    const before = await placed();
    await until(async () => ((await placed()) > before + 5n ? true : undefined));
    await client.dispose();
    assert.equal((await sample.end("SIGTERM")).code, 0, sample.stderr);
    assert.match(sample.stdout, /parked: +ordering 3;[^\n]*\n$/);
  });

  test("an order that is not there", async () => {
    assertRefused(
      await run("--show", "hamburg.10", "--data", data),
      /There is no order "hamburg\.10"\. Orders are named/,
    );
  });

  test("and nothing of it was lost", async () => {
    const again = await run(...orders, data);
    assert.deepEqual([again.code, again.stdout], [0, first.stdout], again.stderr);
    const more = await run("--orders", "15", ...orders.slice(2), data);
    assert.equal(more.code, 0, more.stderr);
  });
});

/** Both places where LMDB keeps what it begins from, and some more. */
function overwrite(file: string): void {
  const descriptor = openSync(file, "r+");
  writeSync(descriptor, Buffer.alloc(16_384, "damage"), 0, 16_384, 0);
  closeSync(descriptor);
}
