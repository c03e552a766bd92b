import { aggregate, component, defer } from "@sluice/transport";
import {
  CardCharged,
  CardDeclined,
  CardRefunded,
  type Charge,
  ChargeCard,
  ChargePending,
  ChargeVoided,
  TakeBankAnswer,
  VoidCharge,
} from "./messages.ts";

/** Milliseconds after which the bank of a slow card takes the money: later than anybody waits. */
export const SLOW_BANK = 2_500;

interface Payment {
  readonly charge?: Charge;
  readonly step: "new" | "pending" | "charged" | "over";
  readonly isVoided: boolean;
}

const byOrder = ({ orderId }: { readonly orderId: string }): string => orderId;

/**
 * The payment of one order, in the stream `payment-<orderId>`. A charge that is voided is voided whatever the bank does: money that
 * it has taken, or takes later, is given back.
 */
export const payment = aggregate(
  "payment",
  { step: "new", isVoided: false } as Payment,
  { events: [ChargePending, CardCharged, CardDeclined, ChargeVoided, CardRefunded] },
  (a) => {
    a.decide(ChargeCard, byOrder, ({ step, isVoided }, charge) => {
      if (step !== "new" || isVoided) return [];
      if (charge.card === "declined") return CardDeclined(charge);
      if (charge.card !== "slow") return CardCharged(charge);
      return [ChargePending(charge), defer(TakeBankAnswer({ orderId: charge.orderId }), { delayFor: SLOW_BANK })];
    });
    a.decide(TakeBankAnswer, byOrder, ({ step, charge, isVoided }) => {
      if (step !== "pending" || charge === undefined) return [];
      return [CardCharged(charge), ...(isVoided ? [CardRefunded(charge)] : [])];
    });
    a.decide(VoidCharge, byOrder, ({ step, charge, isVoided }, { orderId }) => {
      if (isVoided) return [];
      return [ChargeVoided({ orderId }), ...(step === "charged" && charge !== undefined ? [CardRefunded(charge)] : [])];
    });

    a.evolve(ChargePending, (state, charge) => ({ ...state, charge, step: "pending" }));
    a.evolve(CardCharged, (state, charge) => ({ ...state, charge, step: "charged" }));
    a.evolve(CardDeclined, (state) => ({ ...state, step: "over" }));
    a.evolve(ChargeVoided, (state) => ({ ...state, isVoided: true }));
    a.evolve(CardRefunded, (state) => ({ ...state, step: "over" }));
  },
);

export const payments = component("payments", (c) => c.aggregate(payment));
