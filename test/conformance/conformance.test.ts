import { after, test } from "node:test";
import { conformanceCases, missingFor, registerConformance, titleOf } from "@sluice/transport/conformance";
import { hasOwnServer, onOwnServer } from "../../transport/test/server-under-test.ts";
import { sharedServerBench } from "./shared-server-bench.ts";
import { TRANSPORTS } from "./transports.ts";

for (const { mode, bench: ownBench } of TRANSPORTS) {
  const bench = hasOwnServer ? ownBench : await sharedServerBench(mode);
  registerConformance(test, bench, mode);
  for (const conformanceCase of conformanceCases()) {
    const missing = missingFor(conformanceCase, bench);
    if (missing.length === 0 || missingFor(conformanceCase, ownBench).length > 0) continue;
    void test(titleOf(conformanceCase, mode), onOwnServer(`it needs ${missing.join(" and ")}`));
  }
  after(() => bench[Symbol.asyncDispose]());
}
