import { setTimeout as sleep } from "node:timers/promises";
import { operationsService } from "../../../src/grpc/wire/operations.ts";
import { connect } from "../../../src/client/connection.ts";
import { parseConnectionString } from "../../../src/client/connection-string.ts";
import { lastOf } from "../../../src/cli/transfer/log-reading.ts";
import { streamOf } from "../../../src/streams/scavenge-history.ts";

/** Has a server give back what nobody can read any more, and waits until it is done. */
export async function scavenged(connectionString: string): Promise<void> {
  const connection = await connect(parseConnectionString(connectionString));
  try {
    const { startScavenge: start } = operationsService.methods;
    const { scavengeId } = await connection.unary(operationsService, start, {});
    while ((await lastOf(connection, streamOf(scavengeId)))?.type !== "$scavengeCompleted") await sleep(5);
  } finally {
    connection.close();
  }
}
