import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Sender, ServerUnreachable, startEndpoint, startSender } from "@sluice/transport";
import { startFaultCluster } from "../faults/fault-cluster.ts";
import { embedded, OUTCOMES, outcomes, PlaceOrder, server, system, until } from "./moved-system.ts";

const ORDERS = 45;

/** Places orders one after the other, wherever the system is; while it is nowhere, orders wait. */
class Shop {
  placed = 0;
  #sender: Sender | undefined;
  #sending: Promise<void> | undefined;

  async open(connectionString: string, to: number): Promise<void> {
    const sender = await startSender("shop", { connectionString });
    this.#sender = sender;
    this.#sending = (async () => {
      while (this.#sender === sender && this.placed < to) {
        // An id of its own: what may be stored already is not stored a second time.
        const id = `00000000-0000-4000-8000-${String(this.placed).padStart(12, "0")}`;
        try {
          await sender.send(PlaceOrder, { orderId: String(this.placed) }, { id });
          this.placed += 1;
        } catch (error) {
          if (!(error instanceof ServerUnreachable)) throw error;
          await sleep(50);
        }
      }
    })();
  }

  /** Places nothing more, and knows of all that it has placed that it is stored. */
  async close(): Promise<void> {
    const sender = this.#sender;
    this.#sender = undefined;
    await this.#sending;
    await sender?.stop();
  }
}

test(
  "a system under traffic moves from one machine to another, and on to a cluster whose leader changes: nothing is lost, nothing is done twice",
  { timeout: 300_000 },
  async (t) => {
    const directory = mkdtempSync(join(tmpdir(), "sluice-moved-on-"));
    t.after(() => rmSync(directory, { recursive: true, force: true }));
    const first = await server(t);
    const second = await server(t);
    const third = await server(t);
    const shop = new Shop();
    let running = await startEndpoint(system(), { connectionString: first.connectionString, on: () => {} });
    t.after(() => running.stop());
    await shop.open(first.connectionString, ORDERS);

    const move = async (from: string, to: string, file: string): Promise<void> => {
      await shop.close();
      // At once: queues need not be empty.
      await running.stop({ deadline: 0 });
      await embedded("export", "--connection", from, "--to", join(directory, file));
      await embedded("import", "--from", join(directory, file), "--connection", to);
    };

    await until("a third is placed, and something of it handled", async () => {
      return shop.placed >= ORDERS / 3 && (await outcomes(first.client)).size > OUTCOMES.length;
    });
    await move(first.connectionString, second.connectionString, "first.ndjson.gz");
    running = await startEndpoint(system(), { connectionString: second.connectionString, on: () => {} });
    await shop.open(second.connectionString, ORDERS);
    const before = shop.placed;
    await until("more is placed there", async () => shop.placed >= Math.min(before + ORDERS / 3, ORDERS - 5));
    await move(second.connectionString, third.connectionString, "second.ndjson.gz");

    await using cluster = await startFaultCluster({ target: third.port });
    running = await startEndpoint(system(), { connectionString: cluster.connectionString, on: () => {} });
    // A leader that changes under way; the rest is placed by the new one.
    await shop.open(cluster.connectionString, ORDERS - 3);
    await until("most is placed on the cluster", async () => shop.placed >= ORDERS - 3);
    cluster.elect(undefined);
    cluster.elect(1);
    await shop.close();
    await shop.open(cluster.connectionString, ORDERS);
    await until("all is handled", async () => (await outcomes(third.client)).size === ORDERS * OUTCOMES.length);
    await shop.close();
    await running.stop();
    const counts = await outcomes(third.client);
    assert.deepEqual(
      [...counts].filter(([, count]) => count !== 1),
      [],
    );
  },
);
