import { test } from "node:test";
import { registerConformance } from "@sluice/transport/conformance";
import { memoryBench } from "./memory-transport.ts";

registerConformance(test, memoryBench(), "memory");
