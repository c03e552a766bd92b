export type DisconnectReason =
  /** More connections than the server takes. */
  | "too-many-connections"
  /** It connected and did not say in time what a client says first. */
  | "silent"
  /** It held most of what had begun and not ended, when that was too much. */
  | "too-much-unfinished";

/** Told when the server closes a connection for what the client did. */
export type OnDisconnect = (peer: string, reason: DisconnectReason) => void;
