import type { Environment } from "../store/environment.ts";
import type { Patience } from "../store/patient.ts";
import type { Store } from "../store/store.ts";
import type { ConnectionOptions } from "./options.ts";

const START_WITHIN = 30_000;
/** Milliseconds after which an address at which nobody answers is told. */
const UNANSWERED = 10_000;

/** How long a start that begins now is tried. */
export function startPatience(
  store: Pick<Store, "hasAnswered">,
  { startWithin = START_WITHIN }: Pick<ConnectionOptions, "startWithin">,
  environment: Environment,
): Patience {
  const begun = environment.now();
  return {
    ...environment,
    until: () => begun + (store.hasAnswered ? startWithin : Math.min(startWithin, UNANSWERED)),
  };
}
