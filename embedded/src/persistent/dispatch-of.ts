import type { Dispatch } from "./dispatch.ts";
import type { ConsumerStrategy } from "./group-settings.ts";
import { PinnedDispatch } from "./pinned-dispatch.ts";
import { byCorrelation, bySourceStream } from "./pinning.ts";
import { SharedDispatch } from "./shared-dispatch.ts";

export function dispatchOf(strategy: ConsumerStrategy): Dispatch {
  switch (strategy) {
    case "RoundRobin":
      return new SharedDispatch(true);
    case "DispatchToSingle":
      return new SharedDispatch(false);
    case "Pinned":
      return new PinnedDispatch(bySourceStream);
    case "PinnedByCorrelation":
      return new PinnedDispatch(byCorrelation);
  }
}
