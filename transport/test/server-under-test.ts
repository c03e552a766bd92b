import { EventStoreDBClient } from "@eventstore/db-client";
import { startEmbedded } from "@sluice/embedded";
import { type Names, namesOf, newRun } from "./names.ts";
import { removeOf } from "./remove-of.ts";

/** The server that `SLUICE_TEST_CONNECTION` names: one that tests share, with each other and with others, and may neither stop nor rely on. */
const SHARED = process.env["SLUICE_TEST_CONNECTION"] || undefined;

/** Whether each test has a server for itself alone. */
export const hasOwnServer = SHARED === undefined;

/** Milliseconds after which what is awaited counts as not coming about: a machine may be busy, and a real server takes seconds to create a projection. */
export const PATIENCE = hasOwnServer ? 180_000 : 300_000;

/** The server of one test. */
export interface ServerUnderTest extends AsyncDisposable {
  /** With all parameters that it was given. */
  readonly connectionString: string;
  /** Makes `name` different from that of all other tests; see {@link namesOf}. */
  readonly run: string;
  readonly name: Names;
}

/**
 * A server in memory that ends with the test; or the one that `SLUICE_TEST_CONNECTION` names, from which projections and groups of
 * the test's names are removed at its end. The test may take nothing for its own but what carries a `name`.
 */
export async function serverUnderTest(): Promise<ServerUnderTest> {
  const run = newRun();
  const names = { run, name: namesOf(run) };
  if (SHARED === undefined) {
    const { connectionString, stop } = await startEmbedded({ memory: true, port: 0 });
    return { connectionString, ...names, [Symbol.asyncDispose]: () => stop() };
  }
  return {
    connectionString: SHARED,
    ...names,
    async [Symbol.asyncDispose]() {
      const client = EventStoreDBClient.connectionString(SHARED);
      try {
        await removeOf(client, run);
      } finally {
        await client.dispose();
      }
    },
  };
}

/** For the options of a test that cannot run on a shared server. @param why completes "left out, since it …". */
export function onOwnServer(why: string): { readonly skip: string | false } {
  return { skip: hasOwnServer ? false : `needs a server of its own: ${why}` };
}
