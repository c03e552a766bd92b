import type { Arrival } from "./arrival.ts";
import type { HandledMessages } from "./receiver-options.ts";
import type { Work } from "./work.ts";

/**
 * Waits for what becomes of the copy of a message that another instance handles, until `enough` is aborted.
 * @returns the delivery that the server has taken from that instance, which may be gone, and handed to this one meanwhile.
 */
export async function waitForCopy(
  work: Work,
  handled: Pick<HandledMessages, "isTakenOver" | "settled">,
  enough: AbortSignal,
): Promise<Arrival | undefined> {
  let takenOver: Arrival | undefined;
  const over = new AbortController();
  work.joined = (arrival) => {
    if (!handled.isTakenOver(work.id, arrival.delivery.linkId)) return;
    takenOver = arrival;
    over.abort();
  };
  for (const arrival of work.settlement.arrivals) work.joined(arrival);
  await handled.settled(work.id, AbortSignal.any([enough, over.signal]));
  return takenOver;
}
