import assert from "node:assert/strict";
import { BACKWARDS, END, type EventStoreDBClient, StreamNotFoundError } from "@eventstore/db-client";
import { read, until } from "../endpoint/harness.ts";

/** Waits until every number has been booked by both ways, and asserts that nothing was lost and nothing came twice. */
export async function assertExactlyOnce(client: EventStoreDBClient, count: number): Promise<void> {
  await until(`${2 * count} bookings`, async () => (await lastRevision(client, "$ce-booking")) >= 2 * count - 1);
  const booked = (await read(client, "$ce-booking")).map(({ event }) => event!);
  const wanted = Array.from({ length: count }, (_, n) => [`booking-command-${n}`, `booking-event-${n}`]).flat();
  assert.deepEqual(
    booked.map(({ streamId }) => streamId).toSorted(),
    wanted.toSorted(),
    "one booking per number and way",
  );
  const outbox = (await read(client, "intermediate.relay")).map(({ event }) => event!);
  const ids = outbox.map(({ id }) => id);
  assert.equal(new Set(ids).size, 2 * count, "all that was to be sent was sent");
  assert.equal(ids.length, 2 * count, "and nothing was stored twice");
}

async function lastRevision(client: EventStoreDBClient, stream: string): Promise<number> {
  let last = -1;
  try {
    const read = client.readStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 });
    for await (const { event } of read) last = Number(event!.revision);
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  return last;
}
