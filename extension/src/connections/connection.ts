/** A connection as it is declared: everything but what is secret. */
export interface Connection {
  /** Never changes, also when the connection is renamed; panels and favorites refer to it. */
  readonly id: string;
  readonly name: string;
  /** As the official clients write it, without login and password. */
  readonly connectionString: string;
  /** Whose login; undefined for none. */
  readonly login?: string | undefined;
  readonly policy: Policy;
  readonly color?: Color | undefined;
  /** Where it is declared: by the user on this machine, in `.vscode/sluice.json`, or by the embedded server that runs. */
  readonly origin: "user" | "workspace" | "embedded";
  /** Its server is known not to run: the embedded one after it was stopped. */
  readonly isStopped?: boolean;
  /** The name of the folder whose file declares it, where the workspace has several. */
  readonly folder?: string | undefined;
}

/** The id of the embedded server's connection: the same each time it runs, so that panels find it again. */
export const EMBEDDED_ID = "embedded";

/** What may be written through a connection: all, all after a question, nothing. */
export type Policy = "read-write" | "confirm" | "read-only";

/** The colors by which environments are told apart; each is a theme color `sluice.*`. */
export type Color = "red" | "orange" | "yellow" | "green" | "blue" | "purple";

/** What a server may offer, beside streams that are read and written. */
export type Capability = "persistent-subscriptions" | "projections" | "users" | "operations" | "monitoring";

export type ConnectionState =
  | { readonly kind: "closed" }
  | { readonly kind: "opening" }
  | { readonly kind: "open"; readonly version: string; readonly capabilities?: readonly Capability[] }
  /** Where it is retried, the server was not there, and is looked for until it is. */
  | { readonly kind: "failed"; readonly error: Error; readonly isRetried?: boolean };
