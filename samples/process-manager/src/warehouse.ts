import { aggregate, component } from "@sluice/transport";
import { CopiesMissing, CopiesReleased, CopiesReserved, ReleaseCopies, ReserveCopies } from "./messages.ts";

/** What stands on each shelf in the morning. */
export const STOCK: Readonly<Record<string, number>> = {
  "Kind of Blue": 9,
  "Blue Train": 3,
  "Time Out": 9,
};

interface Shelf {
  /** Copies by order: those that are on their way to a customer, or promised to one. */
  readonly reserved: Readonly<Record<string, number>>;
}

/** The copies of one record, in the stream `shelf-<record>`. It promises no copy twice. */
export const shelf = aggregate(
  "shelf",
  { reserved: {} } as Shelf,
  { events: [CopiesReserved, CopiesMissing, CopiesReleased] },
  (a) => {
    a.decide(
      ReserveCopies,
      ({ record }) => record,
      ({ reserved }, wanted) => {
        // Anything may be an id, also "constructor", which every object has.
        if (Object.hasOwn(reserved, wanted.orderId)) return [];
        const taken = Object.values(reserved).reduce((sum, copies) => sum + copies, 0);
        const isThere = taken + wanted.copies <= (STOCK[wanted.record] ?? 0);
        return isThere ? CopiesReserved(wanted) : CopiesMissing(wanted);
      },
    );
    a.decide(
      ReleaseCopies,
      ({ record }) => record,
      ({ reserved }, released) => ((reserved[released.orderId] ?? 0) > 0 ? CopiesReleased(released) : []),
    );

    a.evolve(CopiesReserved, ({ reserved }, { orderId, copies }) => ({ reserved: { ...reserved, [orderId]: copies } }));
    a.evolve(CopiesMissing, ({ reserved }, { orderId }) => ({ reserved: { ...reserved, [orderId]: 0 } }));
    a.evolve(CopiesReleased, ({ reserved }, { orderId }) => ({ reserved: { ...reserved, [orderId]: 0 } }));
  },
);

export const warehouse = component("warehouse", (c) => c.aggregate(shelf));
