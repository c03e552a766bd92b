import type { SendMode } from "@sluice/transport";
import type { ConformanceBench } from "@sluice/transport/conformance";
import type { Mode } from "./behaviors.ts";
import { type EventStoreBench, eventStoreBench } from "./event-store-bench.ts";

/** A transport that the suite is run over, in one of its modes. */
export interface ConformanceTransport<Bench extends ConformanceBench = ConformanceBench> {
  readonly mode: Mode;
  readonly bench: Bench;
}

/** One line per mode. The transport in memory is not among them: it tries the suite, and shows nothing of Sluice. */
export const TRANSPORTS: readonly (ConformanceTransport<EventStoreBench> & { readonly mode: SendMode })[] = [
  { mode: "transactional", bench: eventStoreBench("transactional") },
  { mode: "direct", bench: eventStoreBench("direct") },
];
