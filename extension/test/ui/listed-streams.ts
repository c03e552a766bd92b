import { StreamNotFoundError } from "@eventstore/db-client";
import { until } from "../../../test/until.ts";
import type { SeededServer } from "../server/seeded-server.ts";

/** How many streams a scenario of many has; `SLUICE_UI_STREAMS=100000` is the nightly form. */
export const STREAMS = Number(process.env["SLUICE_UI_STREAMS"] ?? 3_000);

/** Makes a stream of one event for each name, and waits until the server's lists hold them. */
export async function appendStreams(server: SeededServer, names: readonly string[]): Promise<void> {
  for (let first = 0; first < names.length; first += 500) {
    await Promise.all(
      names.slice(first, first + 500).map((name) => server.append(name, [{ type: "Noted", data: {} }])),
    );
  }
  // The lists of the server follow its streams.
  await until(async () => ((await listed(server)) >= names.length ? true : undefined));
}

/** How many streams the server's list holds by now. */
async function listed({ client }: SeededServer): Promise<number> {
  const newest = client.readStream("$streams", { direction: "backwards", fromRevision: "end", maxCount: 1 });
  let count = 0;
  try {
    // Read to its end: the client waits for what is left half read when it is disposed of.
    for await (const { event, link } of newest) count = Number((link ?? event)?.revision ?? -1) + 1;
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  return count;
}
