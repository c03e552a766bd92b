import { aggregate, component } from "@sluice/transport";
import { ChargeFee, FeeCharged } from "./messages.ts";

/** Cents. */
const LEAST = 25_00;
const PERCENT = 1.5;

/** What the marketplace takes of a purchase, in whole cents. */
export function feeOf(value: number): number {
  return Math.max(LEAST, Math.round((value * PERCENT) / 100));
}

/** The fee of one order, in the stream `fee-<orderId>`: charged once. */
export const fee = aggregate("fee", { isCharged: false }, (a) => {
  a.decide(
    ChargeFee,
    ({ orderId }) => orderId,
    (state, { orderId, value }) => (state.isCharged ? [] : FeeCharged({ orderId, fee: feeOf(value) })),
  );
  a.evolve(FeeCharged, () => ({ isCharged: true }));
});

export const fees = component("fees", (c) => c.aggregate(fee));
