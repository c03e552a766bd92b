import { createHash } from "node:crypto";

/** The carrier's line is busy: nothing was said yet. Whoever asked asks again later. */
export class CarrierBusy extends Error {
  override readonly name = "CarrierBusy";
}

/** What the carrier says to a consignment. Lost ones it takes, and never tells of again. */
export type Answer = "taken" | "no truck" | "lost";

/** What a carrier is asked, by the number of a consignment: asked again under the same number, it does not come twice. */
export interface Carrier {
  /** @throws CarrierBusy */
  book(orderId: string, calls: number): Answer;
  /** Where a consignment is. */
  trace(orderId: string): Answer;
}

/**
 * Stands for a carrier's web service. What it does depends on the number of an order alone, so that each run tells the same story: of
 * 32 orders one finds no truck, one is lost, and for two the line is busy at first.
 */
export const carrier: Carrier = {
  book(orderId, calls) {
    const fate = fateOf(orderId);
    if (fate === "busy" && calls === 0) throw new CarrierBusy(`The carrier's line is busy, for the order ${orderId}.`);
    return answerTo(fate);
  },
  trace: (orderId) => answerTo(fateOf(orderId)),
};

type Fate = Answer | "busy";

export function fateOf(orderId: string): Fate {
  const chance = createHash("sha256").update(`carrier of ${orderId}`).digest().readUInt8(0) % 32;
  return (["no truck", "lost", "busy", "busy"] as const)[chance] ?? "taken";
}

const answerTo = (fate: Fate): Answer => (fate === "busy" ? "taken" : fate);
