import { after, test } from "node:test";
import type { SendMode } from "@sluice/transport";
import { registerAdapterConformance } from "@sluice/transport/conformance";
import { nestBench } from "./nestjs.ts";
import { nodeTsBusBench } from "./node-ts-bus.ts";
import { taskRunnerBench } from "./task-runner.ts";

const ADAPTERS = { "node-ts-bus": nodeTsBusBench, nestjs: nestBench, tasks: taskRunnerBench };
const MODES: readonly SendMode[] = ["transactional", "direct"];

for (const [name, benchOf] of Object.entries(ADAPTERS)) {
  for (const mode of MODES) {
    const bench = await benchOf(mode);
    after(() => bench.close());
    registerAdapterConformance(test, bench, `${name}, ${mode}`);
  }
}
