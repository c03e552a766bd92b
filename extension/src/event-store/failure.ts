/**
 * What has gone wrong with a server, as facts. The client of the server is a bundle of its own (see `open-event-store.ts`)
 * and knows neither the error classes nor the user's language: the classes of two bundles are never the same.
 */
export type Failure = FailureKind & { readonly cause: unknown };

/** A failure without what has caused it. */
export type FailureKind =
  /** `at` is the hosts with their ports; `reason` the system's or the server's own words. */
  | { readonly kind: "unreachable"; readonly at: string; readonly reason: string }
  | { readonly kind: "no-tls"; readonly at: string }
  /** It hangs up on a connection without TLS; it may have other reasons. */
  | { readonly kind: "only-tls"; readonly at: string }
  | { readonly kind: "certificate-unknown"; readonly at: string; readonly reason: string }
  | { readonly kind: "certificate-for-another"; readonly at: string }
  | { readonly kind: "certificate-expired"; readonly at: string }
  | { readonly kind: "login-missing" }
  | { readonly kind: "login-refused"; readonly login: string }
  | { readonly kind: "access-denied"; readonly login: string | undefined; readonly source: string | undefined }
  | { readonly kind: "stream-not-found"; readonly stream: string }
  | { readonly kind: "stream-deleted"; readonly stream: string }
  | {
      readonly kind: "wrong-expected-revision";
      readonly stream: string;
      readonly expected: string;
      readonly actual: number | bigint | undefined;
    }
  /** The server has taken an append, and does not say that it has written it. */
  | { readonly kind: "not-written" }
  | { readonly kind: "subscription-dropped"; readonly source: string }
  | { readonly kind: "append-too-large"; readonly limit: string }
  | { readonly kind: "not-leader" }
  | { readonly kind: "closed" }
  | { readonly kind: "connection-string"; readonly reason: string }
  | { readonly kind: "answered"; readonly reason: string };
