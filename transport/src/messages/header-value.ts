/** A value that a header can have. */
export type HeaderValue = string | number | boolean;
/** Headers by name. */
export type Headers = Readonly<Record<string, HeaderValue>>;
