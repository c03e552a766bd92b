/** What is said of a connection that was closed in this process. */
export const CLOSED_HERE = "The connection to it was closed here.";

const START_IT =
  "Start the server or correct the address; a server without TLS needs ?tls=false in the connection string.";

/** gRPC drops the codes of Node and OpenSSL: what is wrong with TLS is told by their words only. */
const REMEDIES: readonly (readonly [why: RegExp, remedy: string])[] = [
  [/was closed here/, `${CLOSED_HERE} Start another sender or endpoint.`],
  [
    /does not match certificate's altnames|altnames is empty/i,
    "Its certificate is for other addresses. Use one of those, or give it a certificate for this one.",
  ],
  [
    /certificate has expired|certificate is not yet valid/i,
    "Its certificate has expired, or is not valid yet. Give it a new one, or set the clock of this machine.",
  ],
  [
    /certificate/i,
    "Its certificate is not trusted here. Name the file of who has signed it in the connection string: ?tlsCAFile=ca.crt.",
  ],
  [
    /wrong version number|packet length too long|before secure TLS connection/i,
    "It does not speak TLS. Add ?tls=false to the connection string.",
  ],
  [/Last error: Protocol error/, "What listens there speaks another protocol. Correct the port."],
  [
    /Last error: Failed to connect/,
    "It hangs up at once. If it has TLS, take ?tls=false out of the connection string; if not, correct the port.",
  ],
];

/** What to do about a server that does not answer, in a sentence. Pure. */
export function whyUnreachable(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : "";
  return REMEDIES.find(([why]) => why.test(said))?.[1] ?? START_IT;
}
