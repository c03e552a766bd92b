import type { ComponentRights, ServerObservation } from "@sluice/transport/deploy";

/** How much a stream holds, and by how much it grows. */
export interface StreamSize {
  readonly stream: string;
  readonly component: string;
  readonly events: number;
  /** Events a day, since its first one; undefined where it is too young to say. */
  readonly perDay: number | undefined;
}

/** What was seen of a server, before anything is said of it. */
export interface Examination {
  /** The hosts, without a login. */
  readonly server: string;
  readonly now: Date;
  /** Undefined where the server does not tell. */
  readonly version: string | undefined;
  /** What it offers, as `service/method` in lower case; undefined where it does not tell. */
  readonly methods: ReadonlySet<string> | undefined;
  /** Milliseconds by which the server's clock is ahead of this machine's, and by how much that may be wrong. */
  readonly clock: { readonly ahead: number; readonly uncertainty: number } | undefined;
  readonly observation: ServerObservation;
  /** By component: messages that are parked and not dealt with; undefined where they may not be read. */
  readonly parked: ReadonlyMap<string, number | undefined>;
  readonly sizes: readonly StreamSize[];
  /** By component that has been given rights on its streams: how they are; undefined where they may not be read. */
  readonly rights: ReadonlyMap<string, ComponentRights | undefined>;
}
