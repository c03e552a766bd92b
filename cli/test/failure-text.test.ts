import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AccessRefused,
  BadConnectionString,
  InvalidBody,
  NotDeployed,
  NotRetirable,
  ProjectionRefused,
  ReplyTimedOut,
  ServerUnreachable,
  UnexpectedReply,
} from "@sluice/transport";
import { failureText } from "../src/render/failure-text.ts";

const refusals = ["foreign", "edited", "faulted", "aborted", "behind", "stuck"] as const;
const ERRORS: readonly (readonly [Error, RegExp])[] = [
  [new NotDeployed("billing"), /Deploy it: sluice deploy FILE\.$/],
  [new NotRetirable("billing", 0, 3), /or say --abandon to leave them unhandled\.$/],
  [new NotRetirable("billing", 2, 3), /Stop its instances, then retire it\.$/],
  [new ReplyTimedOut("1", "desk.Weigh", 30), /--timeout SECONDS\.$/],
  [new UnexpectedReply("1", "a", "b"), /--reply TYPE\.$/],
  [
    new ServerUnreachable("db:2113", { cause: new Error("unable to verify the first certificate") }),
    /who has signed it in --connection or SLUICE_CONNECTION: \?tlsCAFile=ca\.crt\.$/,
  ],
  [
    new AccessRefused("db:2113", { cause: Object.assign(new Error(), { code: 16 }) }),
    /Correct them in --connection or SLUICE_CONNECTION;/,
  ],
  [new AccessRefused("db:2113", {}), /into --connection or SLUICE_CONNECTION \(esdb/],
  [new ServerUnreachable("db:2113", {}), /correct --connection or SLUICE_CONNECTION; a server without TLS/],
  [new BadConnectionString("it is empty."), /^--connection, or SLUICE_CONNECTION, is not usable: it is empty\./],
  [new InvalidBody("desk.Weigh", "it is a number"), /--data TEXT\.$/],
  ...refusals.map((why) => [new ProjectionRefused("p", why, "Faulted", "it broke"), /\.$/] as const),
];

test("failures – what the library says of its functions and options is said in words of the command line", () => {
  for (const [{ message }, expected] of ERRORS) {
    const text = failureText(message);
    assert.match(text, expected);
    assert.doesNotMatch(text, /\bcall \w+|\{ \w+|Uint8Array|the connection string/i, text);
  }
});
