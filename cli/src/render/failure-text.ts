/** What the transport says of its functions, and what that is called here. */
const WORDS: readonly (readonly [inCode: string, here: string])[] = [
  ["Call deploy, or start the endpoint without { deploy: false }.", "Deploy it: sluice deploy FILE."],
  ["then call repair: it puts", "then run sluice deploy --repair: it puts"],
  ["Enable it, then deploy again; or call repair.", "Enable it, then deploy again; or run sluice deploy --repair."],
  ["or call retire with { abandon: true } to leave them unhandled.", "or say --abandon to leave them unhandled."],
  ["or give more time ({ timeout }).", "or give more time: --timeout SECONDS."],
  ["Ask for the reply that its handler gives.", "Ask for the one that its handler gives: --reply TYPE."],
  [
    "correct the address; a server without TLS needs ?tls=false in the connection string.",
    "correct --connection or SLUICE_CONNECTION; a server without TLS needs ?tls=false at its end.",
  ],
  ["the connection string", "--connection or SLUICE_CONNECTION"],
  ["The connection string is not usable: ", "--connection, or SLUICE_CONNECTION, is not usable: "],
  ["Give a JSON object or array, or bytes as a Uint8Array.", "Give a JSON object or array: --data TEXT."],
];

/** What went wrong, with the remedy in words of the command line. Pure. */
export const failureText = (message: string): string =>
  WORDS.reduce((text, [inCode, here]) => text.replace(inCode, here), message);
