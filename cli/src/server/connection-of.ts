import { UsageError } from "../command-line/usage-error.ts";

/** The connection string that a command is for: what was typed, or else what the environment says. @throws UsageError */
export function connectionOf(typed: string | undefined, environment: NodeJS.ProcessEnv): string {
  const connection = typed ?? environment["SLUICE_CONNECTION"];
  if (connection) return connection;
  throw new UsageError(
    "Which server? Give --connection STRING, or set SLUICE_CONNECTION, such as esdb://127.0.0.1:2113?tls=false.",
  );
}

/** The hosts of a connection string, for a person: never what stands before them, which may be a password. Pure. */
export const addressIn = (connection: string): string =>
  /:\/\/(?:[^/?]*@)?([^/?]*)/.exec(connection)?.[1] || "the server";

/** Who does something, for the record: the login, or whoever is logged in to this machine. Pure. */
export function callerOf(connection: string, user: string): string {
  const login = /:\/\/([^:@/?]+)(?::[^@/]*)?@/.exec(connection)?.[1];
  return login === undefined ? user : decodeURIComponent(login);
}
