/** What `$metadata` says of a stream; keys that are absent, void or out of range are undefined (spec 1.8). */
export interface StreamMetadata {
  readonly maxCount?: number;
  /** Milliseconds. */
  readonly maxAge?: number;
  /** First revision that is not truncated away; {@link SOFT_DELETED} hides everything. */
  readonly truncateBefore?: number;
  readonly acl?: StreamAcl;
}

/** Who may do what; each list holds user and group names, `$all` meaning everybody. */
export interface StreamAcl {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  readonly delete?: readonly string[];
  readonly metaRead?: readonly string[];
  readonly metaWrite?: readonly string[];
}

/** `$tb` of a soft-deleted stream: 2^63 - 1 on the wire, which parses to this double. */
export const SOFT_DELETED = 2 ** 63;
