import { aggregate, component } from "@sluice/transport";
import { ChargeFee, FeeCharged, FeeRefunded, type OrderStep, RefundFee } from "./messages.ts";

/** Cents. */
const LEAST = 25_00;
const PERCENT = 1.5;

const byOrder = ({ orderId }: OrderStep): string => orderId;

/** What the marketplace takes of a purchase, in whole cents. */
export function feeOf(value: number): number {
  return Math.max(LEAST, Math.round((value * PERCENT) / 100));
}

/** The fee of one order, in the stream `fee-<orderId>`: charged once, and refunded once at most. */
export const fee = aggregate("fee", { charged: 0, isCharged: false, isRefunded: false }, (a) => {
  a.decide(ChargeFee, byOrder, (state, { orderId, value }) =>
    state.isCharged ? [] : FeeCharged({ orderId, fee: feeOf(value) }),
  );
  a.decide(RefundFee, byOrder, ({ charged, isCharged, isRefunded }, { orderId }) =>
    isCharged && !isRefunded ? FeeRefunded({ orderId, fee: charged }) : [],
  );
  a.evolve(FeeCharged, (state, { fee }) => ({ ...state, charged: fee, isCharged: true }));
  a.evolve(FeeRefunded, (state) => ({ ...state, isRefunded: true }));
});

export const fees = component("fees", (c) => c.aggregate(fee));
