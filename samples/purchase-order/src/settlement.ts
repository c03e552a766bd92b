import { component, processManager } from "@sluice/transport";
import {
  BookPurchase,
  ChargeFee,
  FeeCharged,
  FeeNoted,
  OrderMatched,
  OrderShipped,
  type OrderStep,
  PurchaseBegun,
  PurchaseBooked,
  PurchaseCompleted,
  PurchaseReady,
  ShipmentNoted,
  ShipOrder,
  type Trade,
} from "./messages.ts";

interface Purchase {
  readonly trade?: Trade;
  readonly isShipped: boolean;
  readonly fee?: number;
}

const byOrder = ({ orderId }: OrderStep): string => orderId;

/**
 * Sees one purchase through, in the stream `purchase-<orderId>`: once it is matched, it has it shipped and charged at the same
 * time; when both are done, in whichever order, it has it booked. It writes down what it has learned as events of its own, and
 * its gateway turns those into commands, in the same append.
 */
export const purchase = processManager("purchase", { isShipped: false } as Purchase, (p) => {
  p.startedBy(OrderMatched, byOrder, (state, trade) => (state.trade === undefined ? PurchaseBegun(trade) : []));
  p.on(OrderShipped, byOrder, (state, { orderId }) => {
    if (state.isShipped) return [];
    return [ShipmentNoted({ orderId }), ...(state.fee === undefined ? [] : [PurchaseReady({ orderId })])];
  });
  p.on(FeeCharged, byOrder, (state, { orderId, fee }) => {
    if (state.fee !== undefined) return [];
    return [FeeNoted({ orderId, fee }), ...(state.isShipped ? [PurchaseReady({ orderId })] : [])];
  });
  p.on(PurchaseBooked, byOrder, (_, { orderId }) => PurchaseCompleted({ orderId }));

  p.evolve(PurchaseBegun, (state, trade) => ({ ...state, trade }));
  p.evolve(ShipmentNoted, (state) => ({ ...state, isShipped: true }));
  p.evolve(FeeNoted, (state, { fee }) => ({ ...state, fee }));

  p.gateway(PurchaseBegun, (trade) => [ShipOrder(trade), ChargeFee({ orderId: trade.orderId, value: trade.value })]);
  p.gateway(PurchaseReady, (_, { trade, fee }) =>
    trade === undefined || fee === undefined ? [] : BookPurchase({ ...trade, fee }),
  );
  p.completedBy(PurchaseCompleted);
});

export const settlement = component("settlement", (c) => c.processManager(purchase));
