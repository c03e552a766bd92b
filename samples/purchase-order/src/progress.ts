import { view } from "@sluice/transport";
import { FeeCharged, GoodsShipped, OrderMatched, OrderPlaced, OrderRefused, TradeBooked } from "./messages.ts";
import { runOf } from "./orders.ts";

/** How many orders of a run have got how far. */
export interface Progress {
  placed: number;
  refused: number;
  matched: number;
  shipped: number;
  charged: number;
  booked: number;
}

/** A view of all runs, folded from the published events. */
export const progress = view(
  "progress",
  () => new Map<string, Progress>(),
  (v) => {
    const count = (step: keyof Progress) => (runs: Map<string, Progress>, event: { readonly orderId: string }) => {
      const run = runOf(event.orderId);
      const counts = runs.get(run) ?? { placed: 0, refused: 0, matched: 0, shipped: 0, charged: 0, booked: 0 };
      counts[step] += 1;
      runs.set(run, counts);
    };
    v.on(OrderPlaced, count("placed"));
    v.on(OrderRefused, count("refused"));
    v.on(OrderMatched, count("matched"));
    v.on(GoodsShipped, count("shipped"));
    v.on(FeeCharged, count("charged"));
    v.on(TradeBooked, count("booked"));
  },
);
