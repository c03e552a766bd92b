import { component, defer, type Message, processManager } from "@sluice/transport";
import {
  BookingNoted,
  BookPurchase,
  ChargeFee,
  FeeCharged,
  FeeNoted,
  FeeRefunded,
  OrderMatched,
  OrderShipped,
  type OrderStep,
  PurchaseBegun,
  PurchaseBooked,
  PurchaseCancelled,
  PurchaseCompleted,
  PurchaseReversed,
  PurchaseRevoked,
  RefundFee,
  RefusalNoted,
  ReleaseTrade,
  ReversePurchase,
  ShipmentMissed,
  ShipmentNoted,
  ShipmentOverdue,
  ShipmentRefused,
  ShipOrder,
  type Trade,
  TraceShipment,
  TradeReleased,
  UndoingNoted,
} from "./messages.ts";

interface Purchase {
  readonly trade?: Trade;
  readonly fee?: number;
  readonly isBooked: boolean;
  readonly isShipped: boolean;
  /** Why it was not shipped. */
  readonly refusal?: string;
  /** What of it was undone. */
  readonly undone: readonly Undone[];
}

type Undone = "trade" | "fee" | "booking";

const BEGIN: Purchase = { isBooked: false, isShipped: false, undone: [] };
/** Milliseconds in which the carrier is expected to say something. */
const PATIENCE = 3_000;

const byOrder = ({ orderId }: OrderStep): string => orderId;

/** What follows once a purchase is booked and its shipment has been answered, whichever came first. */
function ended(orderId: string, { isBooked, isShipped, refusal }: Purchase): readonly Message<"event">[] {
  if (!isBooked) return [];
  if (isShipped) return [PurchaseCompleted({ orderId })];
  return refusal === undefined ? [] : [PurchaseRevoked({ orderId, reason: refusal })];
}

function undo(state: Purchase, orderId: string, undone: Undone): readonly Message<"event">[] {
  if (state.undone.includes(undone)) return [];
  const isLast = state.undone.length === 2;
  const cancelled = PurchaseCancelled({ orderId, reason: state.refusal ?? "It was revoked." });
  return [UndoingNoted({ orderId, undone }), ...(isLast ? [cancelled] : [])];
}

/**
 * Sees one purchase through, in the stream `purchase-<orderId>`: once it is matched its fee is charged, then it is booked and shipped at the
 * same time. When both are done, in whichever order, it is completed. Where it cannot be shipped, all that was done is undone, each by who has
 * done it, and it is canceled.
 *
 * It writes down what it has learned as events of its own, and its gateway turns those into commands, in the same append.
 */
export const purchase = processManager("purchase", BEGIN, (p) => {
  p.startedBy(OrderMatched, byOrder, (state, trade) => (state.trade === undefined ? PurchaseBegun(trade) : []));
  p.on(FeeCharged, byOrder, (state, charged) => (state.fee === undefined ? FeeNoted(charged) : []));
  p.on(PurchaseBooked, byOrder, (state, { orderId }) =>
    state.isBooked ? [] : [BookingNoted({ orderId }), ...ended(orderId, { ...state, isBooked: true })],
  );
  p.on(OrderShipped, byOrder, (state, { orderId }) =>
    state.isShipped ? [] : [ShipmentNoted({ orderId }), ...ended(orderId, { ...state, isShipped: true })],
  );
  p.on(ShipmentRefused, byOrder, (state, { orderId, reason }) => {
    if (state.refusal !== undefined) return [];
    return [RefusalNoted({ orderId, reason }), ...ended(orderId, { ...state, refusal: reason })];
  });
  p.on(TradeReleased, byOrder, (state, { orderId }) => undo(state, orderId, "trade"));
  p.on(FeeRefunded, byOrder, (state, { orderId }) => undo(state, orderId, "fee"));
  p.on(PurchaseReversed, byOrder, (state, { orderId }) => undo(state, orderId, "booking"));
  // A carrier that says nothing is asked. This alone does not cancel anything: its answer may be on its way.
  p.timeout(
    ShipmentOverdue,
    byOrder,
    (state, { orderId }) => (state.isShipped || state.refusal !== undefined ? [] : ShipmentMissed({ orderId })),
    { cancelWhenCompleted: true },
  );

  p.evolve(PurchaseBegun, (state, trade) => ({ ...state, trade }));
  p.evolve(FeeNoted, (state, { fee }) => ({ ...state, fee }));
  p.evolve(BookingNoted, (state) => ({ ...state, isBooked: true }));
  p.evolve(ShipmentNoted, (state) => ({ ...state, isShipped: true }));
  p.evolve(RefusalNoted, (state, { reason }) => ({ ...state, refusal: reason }));
  p.evolve(UndoingNoted, (state, { undone }) => ({ ...state, undone: [...state.undone, undone] }));

  p.gateway(PurchaseBegun, ({ orderId, value }) => ChargeFee({ orderId, value }));
  p.gateway(FeeNoted, ({ orderId, fee }, { trade }) =>
    trade === undefined
      ? []
      : [
          BookPurchase({ ...trade, fee }),
          ShipOrder(trade),
          defer(ShipmentOverdue({ orderId }), { delayFor: PATIENCE }),
        ],
  );
  p.gateway(ShipmentMissed, ({ orderId }) => TraceShipment({ orderId }));
  p.gateway(PurchaseRevoked, ({ orderId }, { trade }) =>
    trade === undefined ? [] : [ReversePurchase({ orderId }), RefundFee({ orderId }), ReleaseTrade(trade)],
  );
  p.completedBy(PurchaseCompleted);
  p.completedBy(PurchaseCancelled);
});

export const settlement = component("settlement", (c) => c.processManager(purchase));
