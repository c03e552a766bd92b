import { aggregate, component } from "@sluice/transport";
import {
  MatchOrder,
  MatchRefused,
  OrderMatched,
  OrderPlaced,
  ReleaseTrade,
  type Trade,
  TradeReleased,
} from "./messages.ts";

interface Offer {
  readonly supplier: string;
  readonly price: number;
  readonly weekly: number;
}

/** Who sells what: cents a tonne, and tonnes a week. The cheapest first. */
const OFFERS: Readonly<Partial<Record<string, readonly Offer[]>>> = {
  copper: [
    { supplier: "Atacama", price: 871_500, weekly: 120 },
    { supplier: "Katanga", price: 879_900, weekly: 400 },
  ],
  timber: [
    { supplier: "Karelia", price: 21_250, weekly: 150 },
    { supplier: "Bergland", price: 23_900, weekly: 400 },
  ],
  wool: [
    { supplier: "Otago", price: 640_000, weekly: 130 },
    { supplier: "Patagonia", price: 655_500, weekly: 400 },
  ],
  wheat: [
    { supplier: "Beauce", price: 22_475, weekly: 140 },
    { supplier: "Saskatoon", price: 24_150, weekly: 400 },
  ],
};

/** A trade, and whether it was given back. It stays known, so that its order is not matched again. */
interface Sale extends Trade {
  readonly isReleased: boolean;
}

/**
 * What can be had of one kind of goods in one week, in the stream `supply-<market>.<goods>.<week>`; its state is what is sold
 * already. Many orders meet here at the same moment: each append expects the stream where it was read, so no tonne is sold
 * twice, and the order that was slower is decided on again.
 *
 * That nobody has enough is no error, which somebody would have to look at and try again: it is an answer, and an event.
 */
export const supply = aggregate("supply", [] as readonly Sale[], (a) => {
  a.decide(MatchOrder, supplyOf, (sold, wanted) => {
    if (sold.some(({ orderId }) => orderId === wanted.orderId)) return [];
    const offer = OFFERS[wanted.goods]?.find((offer) => tonnesOf(offer, sold) + wanted.tonnes <= offer.weekly);
    if (offer === undefined) {
      const reason = `Nobody has ${wanted.tonnes} t of ${wanted.goods} left in ${wanted.week}.`;
      return MatchRefused({ orderId: wanted.orderId, reason });
    }
    return OrderMatched({ ...wanted, supplier: offer.supplier, value: wanted.tonnes * offer.price });
  });
  a.decide(ReleaseTrade, supplyOf, (sold, { orderId }) =>
    sold.some((sale) => sale.orderId === orderId && !sale.isReleased) ? TradeReleased({ orderId }) : [],
  );
  a.evolve(OrderMatched, (sold, trade) => [...sold, { ...trade, isReleased: false }]);
  a.evolve(TradeReleased, (sold, { orderId }) =>
    sold.map((sale) => (sale.orderId === orderId ? { ...sale, isReleased: true } : sale)),
  );
});

function supplyOf({ market, goods, week }: Pick<Trade, "market" | "goods" | "week">): string {
  return `${market}.${goods}.${week}`;
}

function tonnesOf({ supplier }: Offer, sold: readonly Sale[]): number {
  return sold.reduce((sum, sale) => (sale.supplier === supplier && !sale.isReleased ? sum + sale.tonnes : sum), 0);
}

/** The receptor makes matching answer to what ordering tells, and ordering need not know that matching is there. */
export const matching = component("matching", (c) => {
  c.receptor(OrderPlaced, (placed) => MatchOrder(placed));
  c.aggregate(supply);
});
