/** A connection string taken apart: its texts as they stand there, good or not, one behind the other. */
export interface ConnectionStringParts {
  /** With `://`; empty where there is none that is known. */
  readonly scheme: string;
  /** The scheme says that the servers are asked which of them leads. */
  readonly isDiscovered: boolean;
  /** Login and password as they stand before the `@`; undefined where there is none. */
  readonly credentials: string | undefined;
  /** The servers, up to the `?`. */
  readonly authority: string;
  /** The options, behind the `?`; undefined where there is none. */
  readonly query: string | undefined;
}

const SCHEME = /^(?:esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\//i;

/** Takes a connection string of the official clients apart, at whose ends there are no spaces. Whoever reads or changes one begins here. */
export function connectionStringParts(text: string): ConnectionStringParts {
  const [scheme = "", discover] = SCHEME.exec(text) ?? [];
  const [address = "", query] = text.slice(scheme.length).split(/\?(.*)/s);
  // A password may hold any character but a query's; the address of an option may hold an @, too.
  const at = address.lastIndexOf("@");
  return {
    scheme,
    isDiscovered: discover !== undefined,
    credentials: at < 0 ? undefined : address.slice(0, at),
    authority: address.slice(at + 1),
    query,
  };
}

/** The servers of an authority, each as `HOST` or `HOST:PORT`. */
export const serversIn = (authority: string): readonly string[] => authority.replace(/\/+$/, "").split(",");

/** Names of options are one whatever their case, dashes and underscores. */
export const optionName = (name: string): string => name.trim().toLowerCase().replaceAll(/[-_]/g, "");
