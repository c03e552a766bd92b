import type { Credentials } from "../event-store/credentials.ts";

const SCHEME = /^\s*(?:esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\/(?:[^@/?]*@)?/i;
const NODE_PREFERENCE = "nodepreference";

/**
 * A connection string as the transport's client takes it: by its one scheme, with the login in it, and to the node that leads, since
 * queues and projections are with that one alone.
 */
export function transportConnectionString(connectionString: string, credentials: Credentials | undefined): string {
  const discover = SCHEME.exec(connectionString)?.[1] === undefined ? "" : "+discover";
  const [hosts = "", query = ""] = connectionString
    .trim()
    .replace(SCHEME, "")
    .split(/\?(.*)/s);
  const options = query
    .split("&")
    .filter((option) => option !== "" && flat(option.split("=", 1)[0] ?? "") !== NODE_PREFERENCE);
  const login =
    credentials === undefined
      ? ""
      : `${encodeURIComponent(credentials.login)}:${encodeURIComponent(credentials.password)}@`;
  return `esdb${discover}://${login}${hosts.replace(/\/+$/, "")}${options.length === 0 ? "" : `?${options.join("&")}`}`;
}

/** Names of options are one whatever their case, dashes and underscores. */
const flat = (name: string): string => name.trim().toLowerCase().replaceAll(/[-_]/g, "");
