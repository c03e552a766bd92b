import { startEmbedded } from "@sluice/embedded";

/** Where everything is kept while no other server is named. */
const DATA = ".data";

/** A server that runs. It is stopped where it was started here. */
export interface Server {
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** The server that `SLUICE_CONNECTION` names; without it one that is started in this process. */
export async function openServer(): Promise<Server> {
  const connectionString = process.env["SLUICE_CONNECTION"];
  if (connectionString !== undefined) return { connectionString, stop: async () => {} };
  return startEmbedded({ data: DATA, port: 0 });
}
