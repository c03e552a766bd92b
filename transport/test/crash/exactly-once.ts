import assert from "node:assert/strict";
import { BACKWARDS, END, type EventStoreDBClient } from "@eventstore/db-client";
import { read, until } from "../endpoint/harness.ts";
import type { Names } from "../names.ts";

/** Waits until every number has been booked by both ways, and asserts that nothing was lost and nothing came twice. */
export async function assertExactlyOnce(client: EventStoreDBClient, name: Names, count: number): Promise<void> {
  const booking = name("booking");
  await until(`${2 * count} bookings`, async () => (await lastRevision(client, `$ce-${booking}`)) >= 2 * count - 1);
  const booked = (await read(client, `$ce-${booking}`)).map(({ event }) => event!);
  const wanted = Array.from({ length: count }, (_, n) => [`${booking}-command-${n}`, `${booking}-event-${n}`]).flat();
  assert.deepEqual(
    booked.map(({ streamId }) => streamId).toSorted(),
    wanted.toSorted(),
    "one booking per number and way",
  );
  const outbox = (await read(client, `intermediate.${name("relay")}`)).map(({ event }) => event!);
  const ids = outbox.map(({ id }) => id);
  assert.equal(new Set(ids).size, 2 * count, "all that was to be sent was sent");
  assert.equal(ids.length, 2 * count, "and nothing was stored twice");
}

async function lastRevision(client: EventStoreDBClient, stream: string): Promise<number> {
  const [last] = await read(client, stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 });
  return last === undefined ? -1 : Number(last.event!.revision);
}
