import { startEmbedded } from "@sluice/embedded";

/** Where everything is kept while no other server is named. */
const DATA = ".data";

/** The server that `SLUICE_CONNECTION` names; without it one that is started in this process. Disposing stops that. */
export async function openServer(): Promise<AsyncDisposable & { readonly connectionString: string }> {
  const connectionString = process.env["SLUICE_CONNECTION"];
  if (connectionString !== undefined) return { connectionString, [Symbol.asyncDispose]: async () => {} };
  const server = await startEmbedded({ data: DATA, port: 0 });
  return { connectionString: server.connectionString, [Symbol.asyncDispose]: () => server.stop() };
}
