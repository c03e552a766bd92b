import { execFile } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { EventStoreDBClient } from "@eventstore/db-client";
import { ServerProcess } from "../../test/server-process.ts";

const SEED = join(import.meta.dirname, "..", "..", "embedded", "bench", "seed.ts");

/** The stream that {@link seededDirectory} fills. */
export const seededStream = (events: number): string => `prepared-${events}`;

/**
 * A data directory with a stream of so many events, written without a server: appended, a million take many minutes. The
 * system projections are off, as on a server that nobody has told to run them: a million events behind, they would be measured.
 */
export async function seededDirectory(events: number): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "sluice-bench-"));
  const server = await ServerProcess.start(["--data", directory, "--insecure"]);
  const client = EventStoreDBClient.connectionString(server.connectionString);
  for (const { name } of await client.listProjections()) await client.disableProjection(name);
  await client.dispose();
  await server.stop();
  await promisify(execFile)(process.execPath, [
    "--conditions=sluice-source",
    SEED,
    directory,
    JSON.stringify({ events }),
  ]);
  return directory;
}
