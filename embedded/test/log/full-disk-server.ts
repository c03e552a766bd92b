/** Fills the disk of a server through the front door, and shows what is left of both. Run on a small disk of its own. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { binaryEvent, EventStoreDBClient } from "@eventstore/db-client";
import { type ServerNote, startEmbedded } from "../../src/index.ts";
import { connect } from "../../src/client/connection.ts";
import { parseConnectionString } from "../../src/client/connection-string.ts";
import { operationsService } from "../../src/grpc/wire/operations.ts";
import { until } from "../until.ts";

const disk = process.argv[2] ?? "";
const data = join(disk, "data");
const notes: ServerNote[] = [];
const credentials = { username: "admin", password: "changeit" };
const event = () => binaryEvent({ type: "T", data: Buffer.alloc(500_000, 1) });

const server = await startEmbedded({ data, port: 0, onNote: (note) => notes.push(note) });
const client = EventStoreDBClient.connectionString(server.connectionString);
let acknowledged = 0;
let refusals = 0;
let said = "";
while (refusals < 20) {
  try {
    await client.appendToStream("s", event(), { credentials });
    acknowledged++;
  } catch (error) {
    refusals++;
    said = error instanceof Error ? error.message : String(error);
  }
}
const visible = await count();
await server.stop();

const again = await startEmbedded({ data, port: server.port });
const visibleAgain = await count();
// Room is made by the server's own means: what was deleted is written over.
await until("the stream is deleted", () =>
  client.deleteStream("s", { credentials }).then(
    () => true,
    () => false,
  ),
);
const sizeBefore = statSync(join(data, "log.mdb")).size;
const connection = await connect(parseConnectionString(again.connectionString));
let scavengeId = "";
await until("it is scavenged", async () => {
  const asked = connection.unary(operationsService, operationsService.methods.startScavenge, {});
  scavengeId = await asked.then(
    (started) => started.scavengeId,
    () => "",
  );
  return scavengeId !== "";
});
let scavenged: unknown;
for await (const { event } of client.subscribeToStream(`$scavenges-${scavengeId}`)) {
  if (event?.type !== "$scavengeCompleted") continue;
  scavenged = event.data;
  break;
}
connection.close();
const isNoLarger = statSync(join(data, "log.mdb")).size - sizeBefore < 2_000_000;
await again.stop();
await client.dispose();
console.log(JSON.stringify({ acknowledged, said, visible, visibleAgain, scavenged, isNoLarger, notes }));
process.exit();

async function count(): Promise<number> {
  let found = 0;
  for await (const _ of client.readStream("s")) found++;
  return found;
}
