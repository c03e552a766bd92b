import { after, test } from "node:test";
import { registerConformance } from "@sluice/transport/conformance";
import { TRANSPORTS } from "./transports.ts";

for (const { mode, bench } of TRANSPORTS) registerConformance(test, bench, mode);

after(async () => {
  for (const { bench } of TRANSPORTS) await bench[Symbol.asyncDispose]();
});
