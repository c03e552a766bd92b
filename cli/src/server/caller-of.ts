import { userInfo } from "node:os";
import { connectionOf } from "./connection-of.ts";

/** Who does something, for the record: the login, or whoever is logged in to this machine. */
export async function callerOf({
  values: { connection },
  environment,
}: {
  readonly values: { readonly connection: string | undefined };
  readonly environment: NodeJS.ProcessEnv;
}): Promise<string> {
  const { parseConnectionString } = await import("@sluice/embedded/client");
  return parseConnectionString(connectionOf(connection, environment)).credentials?.login ?? localUser();
}

/** A process in a container may run as a user that the machine does not know. */
function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "sluice";
  }
}
