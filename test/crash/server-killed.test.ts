import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from "@eventstore/db-client";
import { seeded } from "../seeded.ts";
import { ServerProcess } from "../server-process.ts";
import { until } from "../until.ts";

/** 6 where nobody waits long; SLUICE_KILLS=200 in the nightly form. */
const KILLS = Number(process.env["SLUICE_KILLS"] ?? 6);
const BATCH = 5;
const MIRROR = `fromCategory("load").when({ $any(state, event) { linkTo("mirror", event); } })`;

/** Appends numbered events to one stream, `size` in each append, and remembers what was acknowledged. */
class Writer {
  readonly stream: string;
  readonly #size: number;
  readonly #onAcknowledged: () => void;
  acknowledged = 0;

  constructor(stream: string, size: number, onAcknowledged: () => void) {
    this.stream = stream;
    this.#size = size;
    this.#onAcknowledged = onAcknowledged;
  }

  /** Goes on where a connection was lost meanwhile: on a busy machine this process may stand still until the server gives it up. */
  async run(client: EventStoreDBClient, isOver: () => boolean, isThere: () => boolean): Promise<void> {
    for (let wasLost = false; !isOver();) {
      try {
        await this.#append(client, isOver);
      } catch (error) {
        // What was on its way then may arrive behind the look at the stream.
        const isLate = wasLost && error instanceof WrongExpectedVersionError;
        wasLost = isLost(error) && isThere();
        if (!isOver() && !wasLost && !isLate) throw error;
      }
    }
  }

  async #append(client: EventStoreDBClient, isOver: () => boolean): Promise<void> {
    // What was on its way when the server died may have arrived or not: the stream knows.
    let next = (await numbersIn(client, this.stream)).length;
    assert.ok(next >= this.acknowledged, `${this.stream}: ${this.acknowledged} acknowledged, ${next} there`);
    assert.equal(next % this.#size, 0, `${this.stream} holds a part of an append`);
    while (!isOver()) {
      const events = Array.from({ length: this.#size }, (_, i) => jsonEvent({ type: "Load", data: { n: next + i } }));
      const expectedRevision = next === 0 ? "no_stream" : BigInt(next - 1);
      await client.appendToStream(this.stream, events, { expectedRevision });
      next += this.#size;
      this.acknowledged = next;
      this.#onAcknowledged();
    }
  }
}

/** Whether a call failed since its connection is gone, which says nothing of the server. */
const isLost = (error: unknown): boolean =>
  error instanceof Error && (Reflect.get(error, "code") === 14 || /Call ended without gRPC status/.test(error.message));

/** What a call answers, which is made again where its connection is lost. */
async function persistently<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isLost(error)) throw error;
    }
  }
}

async function numbersIn(client: EventStoreDBClient, stream: string): Promise<number[]> {
  const numbers: number[] = [];
  try {
    for await (const { event } of client.readStream<{ type: "Load"; data: { n: number } }>(stream)) {
      if (event !== undefined) numbers.push(event.data.n);
    }
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  return numbers;
}

/** Consumes a group, again where it is dropped, acknowledges everything, and counts what came how often. */
function consume(client: EventStoreDBClient, deliveries: Map<string, number>): () => Promise<void> {
  let isOver = false;
  const begin = () => {
    const subscription = client.subscribeToPersistentSubscriptionToStream("$ce-load", "crash");
    subscription.on("error", () => {
      setTimeout(() => {
        if (!isOver) current = begin();
      }, 100);
    });
    subscription.on("data", (resolved) => {
      const id = resolved.event?.id ?? "";
      deliveries.set(id, (deliveries.get(id) ?? 0) + 1);
      subscription.ack(resolved).catch(() => {});
    });
    return subscription;
  };
  let current = begin();
  return () => {
    isOver = true;
    return current.unsubscribe().catch(() => {});
  };
}

test(
  `crash – ${KILLS} kills under load lose nothing, double nothing, and leave nothing half written`,
  { timeout: 300_000 + KILLS * 30_000 },
  async (t) => {
    const data = mkdtempSync(join(tmpdir(), "sluice-crash-"));
    t.after(() => rmSync(data, { recursive: true, force: true }));
    const random = seeded(20_261_123);
    let appends = 0;
    let onAppend = (): void => {};
    const writers = [1, 1, 1, 1, BATCH, BATCH].map(
      (size, n) =>
        new Writer(`load-${n}`, size, () => {
          appends++;
          onAppend();
        }),
    );
    /** Resolves with the acknowledgement of that many more appends. */
    const appended = (more: number): Promise<void> =>
      new Promise((resolve) => {
        const enough = appends + more;
        onAppend = () => {
          if (appends >= enough) resolve();
        };
      });
    const deliveries = new Map<string, number>();

    /** A server on the data and a client of it, which end with the test whatever happens. */
    const start = async () => {
      const server = await ServerProcess.start(["--data", data]);
      const client = EventStoreDBClient.connectionString(server.connectionString);
      t.after(async () => {
        await server.kill();
        await client.dispose().catch(() => {});
      });
      return { server, client };
    };

    const { server: first, client: maker } = await start();
    const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, resolveLinkTos: true });
    await maker.createPersistentSubscriptionToStream("$ce-load", "crash", settings);
    await maker.createProjection("mirror", MIRROR, { emitEnabled: true });
    await maker.dispose();
    await first.kill();

    for (let kill = 0; kill < KILLS; kill++) {
      const { server, client } = await start();
      let isOver = false;
      // Counted in appends, so that a slow machine is killed under load, too; some while they have hardly begun.
      const far = random() < 0.2 ? Promise.resolve() : appended(1 + Math.floor(random() * 100));
      const stopConsuming = consume(client, deliveries);
      const load = writers.map((writer) =>
        writer.run(
          client,
          () => isOver,
          () => server.isRunning,
        ),
      );
      await Promise.race([far.then(() => sleep(random() * 30)), Promise.all(load)]);
      isOver = true;
      await server.kill();
      await Promise.all(load);
      await stopConsuming();
      await client.dispose().catch(() => {});
    }

    const { client: last } = await start();
    for (const { stream, acknowledged } of writers) {
      const numbers = await persistently(() => numbersIn(last, stream));
      assert.ok(numbers.length >= acknowledged, `${stream}: ${acknowledged} acknowledged, ${numbers.length} there`);
      assert.deepEqual(
        numbers,
        Array.from(numbers, (_, i) => i),
        stream,
      );
    }

    // The projection's output: a link for each event, once, in the order of each stream.
    const streamOf = new Map<string, string>();
    for (const { stream } of writers)
      await persistently(async () => {
        for await (const { event } of last.readStream(stream)) streamOf.set(event!.id, stream);
      });
    const ids = new Set(streamOf.keys());
    const mirrored = await until(() =>
      persistently(async () => {
        const found: string[] = [];
        for await (const { event, link } of last.readStream("mirror", { resolveLinkTos: true }))
          found.push(event?.id ?? `nothing behind ${link?.id}`);
        return found.length >= ids.size ? found : undefined;
      }),
    );
    const byStream = (all: Iterable<string>) => Object.groupBy(all, (id) => streamOf.get(id) ?? "not written");
    assert.deepEqual({ ...byStream(mirrored) }, { ...byStream(ids) });

    // The group: what is left comes, then nothing is missing.
    const stopConsuming = consume(last, deliveries);
    await until(async () => (deliveries.size >= ids.size ? true : undefined));
    assert.deepEqual(new Set(deliveries.keys()), ids);
    await stopConsuming();
    await last.dispose();
    t.diagnostic(
      `${KILLS} kills, ${appends} appends acknowledged, ${ids.size} events, ${[...deliveries.values()].reduce((a, b) => a + b, 0)} deliveries`,
    );
  },
);
