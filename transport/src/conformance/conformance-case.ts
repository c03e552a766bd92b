import type { Capabilities } from "../seam/index.ts";
import type { BenchAbility, ConformanceBench } from "./conformance-bench.ts";

/** What a case needs: of the transport, that it is capable of it; of its bench, that it can do it. */
export type Need = keyof Capabilities | BenchAbility;

/** One promise that a bus relies on, and the play that shows it. */
export interface ConformanceCase {
  /** Of the list of behaviors in test/conformance; none for what follows from the seam alone. */
  readonly numbers: readonly number[];
  /** A sentence that is true of a transport that keeps the promise. */
  readonly name: string;
  readonly needs: readonly Need[];
  /**
   * Settles when the transport has kept the promise and all is cleaned up; prints nothing.
   * @throws AssertionError with what was expected, in plain words.
   */
  run(bench: ConformanceBench): Promise<void>;
}
