import { UsageError } from "../command-line/usage-error.ts";

/** The connection string that a command is for: what was typed, or else what the environment says. @throws UsageError */
export function connectionOf(typed: string | undefined, environment: NodeJS.ProcessEnv): string {
  const connection = typed ?? environment["SLUICE_CONNECTION"];
  if (connection) return connection;
  throw new UsageError(
    "Which server? Give --connection STRING, or set SLUICE_CONNECTION, such as esdb://127.0.0.1:2113?tls=false.",
  );
}
