import type { ConformanceBench } from "@sluice/transport/conformance";
import type { Mode } from "./behaviors.ts";

/** A transport that the suite is run over, in one of its modes. */
export interface ConformanceTransport {
  readonly mode: Mode;
  readonly bench: ConformanceBench;
}

/** One line per mode. The transport in memory is not among them: it tries the suite, and shows nothing of Sluice. */
export const TRANSPORTS: readonly ConformanceTransport[] = [];
