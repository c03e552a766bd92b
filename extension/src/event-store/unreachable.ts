import type { FailureKind } from "./failure.ts";

/** How gRPC wraps what Node and OpenSSL say, with a stack's beginning, the time and a note for which there is none. */
const WRAPPED = /Last error: (?:Error(?: \[\w+\])?: )?(.*?)\s*(?: \(\d{4}-[^)]*\))?(?:\. Resolution note: .*)?$/s;

/**
 * Why nothing answers, out of what gRPC says. What is wrong with a certificate is told by these words only: gRPC drops the codes.
 * @param at the hosts with their ports.
 */
export function unreachable(details: string, { at, tls }: { readonly at: string; readonly tls: boolean }): FailureKind {
  const reason = WRAPPED.exec(details)?.[1] ?? details;
  if (/does not match certificate's altnames|altnames is empty/i.test(reason)) {
    return { kind: "certificate-for-another", at };
  }
  if (/certificate has expired|certificate is not yet valid/i.test(reason)) return { kind: "certificate-expired", at };
  // Behind the semicolon Node gives its own remedy, which is none in an editor.
  if (/certificate/i.test(reason)) return { kind: "certificate-unknown", at, reason: reason.replace(/;.*/s, "") };
  if (/wrong version number|packet length too long|before secure TLS connection/i.test(reason)) {
    return { kind: "no-tls", at };
  }
  if (!tls && reason === "Failed to connect") return { kind: "only-tls", at };
  return { kind: "unreachable", at, reason };
}
