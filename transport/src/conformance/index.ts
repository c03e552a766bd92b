/** The conformance suite: what a bus relies on, as cases that any transport on the seam can be held against. */
export type { BenchAbility, ConformanceBench, ConformanceClock, ParkedMessage } from "./conformance-bench.ts";
export type { ConformanceCase, Need } from "./conformance-case.ts";
export { conformanceCases } from "./conformance-cases.ts";
export { missingFor, registerConformance, titleOf } from "./register.ts";
/** The same for those who write an adapter: what the users of a bus rely on, whichever bus it is. */
export type {
  AdapterAbility,
  AdapterApplication,
  AdapterBench,
  AdapterHandling,
  PutAside,
  RunningApplication,
} from "./adapters/adapter-bench.ts";
export { ADAPTER_CASES, type AdapterCase } from "./adapters/adapter-cases.ts";
export { registerAdapterConformance } from "./adapters/register-adapter.ts";
