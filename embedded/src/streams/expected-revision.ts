/** What a writer believes of a stream before it writes: its last revision, or one of the three general beliefs. */
export type ExpectedRevision = number | "any" | "no_stream" | "stream_exists";
