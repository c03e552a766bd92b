import { component, processManager } from "@sluice/transport";
import {
  BookTrade,
  DeliveryNoted,
  FeeCharged,
  GoodsShipped,
  OrderMatched,
  type Trade,
  TradeOpened,
} from "./messages.ts";

/** One and a half percent of the goods' price, rounded up to the cent. */
export const feeOf = ({ quantity, price }: Trade): number => Math.ceil((quantity * price * 15) / 1000);

interface Settlement {
  readonly trade: Trade | undefined;
  readonly isDelivered: boolean;
}

const charged = (trade: Trade) => FeeCharged({ ...trade, fee: feeOf(trade) });

/**
 * Waits, for each order, until the trade is known and the goods are on their way, in whichever order these arrive; then the
 * fee is charged, and the gateway asks accounting to book the trade.
 */
export const settlement = processManager<Settlement>("settlement", { trade: undefined, isDelivered: false }, (p) => {
  p.on(
    OrderMatched,
    ({ orderId }) => orderId,
    ({ trade: known, isDelivered }, trade) => {
      if (known) return [];
      return isDelivered ? [TradeOpened(trade), charged(trade)] : [TradeOpened(trade)];
    },
  );
  p.on(
    GoodsShipped,
    ({ orderId }) => orderId,
    ({ trade, isDelivered }, { orderId }) => {
      if (isDelivered) return [];
      return trade ? [DeliveryNoted({ orderId }), charged(trade)] : [DeliveryNoted({ orderId })];
    },
  );
  p.evolve(TradeOpened, (state, trade) => ({ ...state, trade }));
  p.evolve(DeliveryNoted, (state) => ({ ...state, isDelivered: true }));
  p.gateway(FeeCharged, (trade) => BookTrade(trade));
  p.completedBy(FeeCharged);
});

export const fees = component("fees", (c) => c.process(settlement));
