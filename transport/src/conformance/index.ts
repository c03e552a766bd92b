/** The conformance suite: what a bus relies on, as cases that any transport on the seam can be held against. */
export type { BenchAbility, ConformanceBench, ConformanceClock, ParkedMessage } from "./conformance-bench.ts";
export type { ConformanceCase, Need } from "./conformance-case.ts";
export { conformanceCases } from "./conformance-cases.ts";
export { missingFor, registerConformance, titleOf } from "./register.ts";
