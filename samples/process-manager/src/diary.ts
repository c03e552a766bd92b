import { component, view } from "@sluice/transport";
import {
  CardCharged,
  CardDeclined,
  CardRefunded,
  ChargePending,
  ChargeVoided,
  CopiesMissing,
  CopiesReleased,
  CopiesReserved,
  OrderCanceled,
  OrderCompleted,
  OrderPlaced,
  ParcelShipped,
  PaymentTimedOut,
} from "./messages.ts";
import { euros } from "./money.ts";

/** One thing that happened, for a person to read. */
export interface Line {
  readonly orderId: string;
  readonly who: string;
  readonly what: string;
  readonly at: Date | undefined;
}

export interface Diary {
  readonly lines: Line[];
  readonly ended: Set<string>;
  /** Orders whose bank has not answered yet, or has taken money that nobody wanted any more. */
  readonly pending: Set<string>;
}

/** What the components tell, as it comes. */
export const diary = view(
  "diary",
  (): Diary => ({ lines: [], ended: new Set(), pending: new Set() }),
  (v) => {
    const tell = ({ lines }: Diary, orderId: string, who: string, what: string, at?: Date): void =>
      void lines.push({ orderId, who, what, at });

    v.on(OrderPlaced, (state, { orderId, customer, copies, record, total }, { sentAt }) => {
      tell(state, orderId, "shop", `${customer} orders ${copies} × ${record} for ${euros(total)}`, sentAt);
    });
    v.on(CopiesReserved, (state, { orderId }, { sentAt }) => tell(state, orderId, "warehouse", "reserved", sentAt));
    v.on(CopiesMissing, (state, { orderId }, { sentAt }) =>
      tell(state, orderId, "warehouse", "not enough copies left", sentAt),
    );
    v.on(CopiesReleased, (state, { orderId }, { sentAt }) =>
      tell(state, orderId, "warehouse", "back on the shelf", sentAt),
    );
    v.on(ChargePending, (state, { orderId }, { sentAt }) => {
      state.pending.add(orderId);
      tell(state, orderId, "payments", "asked the bank, which takes its time", sentAt);
    });
    v.on(CardCharged, (state, { orderId, amount }, { sentAt }) => {
      if (!state.ended.has(orderId)) state.pending.delete(orderId);
      tell(state, orderId, "payments", `charged ${euros(amount)}`, sentAt);
    });
    v.on(CardDeclined, (state, { orderId }, { sentAt }) => tell(state, orderId, "payments", "card declined", sentAt));
    v.on(ChargeVoided, (state, { orderId }, { sentAt }) => tell(state, orderId, "payments", "charge voided", sentAt));
    v.on(CardRefunded, (state, { orderId, amount }, { sentAt }) => {
      state.pending.delete(orderId);
      tell(state, orderId, "payments", `gave back ${euros(amount)}`, sentAt);
    });
    v.on(ParcelShipped, (state, { orderId }, { sentAt }) => tell(state, orderId, "shipping", "on its way", sentAt));
    v.on(PaymentTimedOut, (state, { orderId }, { sentAt }) =>
      tell(state, orderId, "fulfillment", "has waited long enough", sentAt),
    );
    v.on(OrderCompleted, (state, { orderId }, { sentAt }) => {
      state.ended.add(orderId);
      tell(state, orderId, "shop", "✓ completed", sentAt);
    });
    v.on(OrderCanceled, (state, { orderId, reason }, { sentAt }) => {
      state.ended.add(orderId);
      tell(state, orderId, "shop", `✗ canceled: ${reason}`, sentAt);
    });
  },
);

export const reporting = component("reporting", (c) => c.view(diary));
