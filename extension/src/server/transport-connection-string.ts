import { connectionStringParts, optionName } from "@sluice/embedded/connection-string";
import type { Credentials } from "../event-store/credentials.ts";

const NODE_PREFERENCE = "nodepreference";

/**
 * A connection string as the transport's client takes it: by its one scheme, with the login in it, and to the node that leads, since
 * queues and projections are with that one alone.
 */
export function transportConnectionString(connectionString: string, credentials: Credentials | undefined): string {
  const { isDiscovered, authority, query = "" } = connectionStringParts(connectionString.trim());
  const options = query
    .split("&")
    .filter((option) => option !== "" && optionName(option.split("=", 1)[0] ?? "") !== NODE_PREFERENCE);
  const login =
    credentials === undefined
      ? ""
      : `${encodeURIComponent(credentials.login)}:${encodeURIComponent(credentials.password)}@`;
  const hosts = authority.replace(/\/+$/, "");
  return `esdb${isDiscovered ? "+discover" : ""}://${login}${hosts}${options.length === 0 ? "" : `?${options.join("&")}`}`;
}
