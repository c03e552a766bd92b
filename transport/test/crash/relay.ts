import { aggregate, command, component, event } from "../../src/index.ts";

/** A number to pass on. */
export const Relay = command("relay.Relay", { to: "relay" })<{ n: number }>();
export const Relayed = event("relay.Relayed")<{ n: number }>();
/** The same number, to be booked. */
export const Book = command("ledger.Book", { to: "ledger" })<{ n: number; by: string }>();
export const Booked = event("ledger.Booked")<{ n: number; by: string }>();

/** Each message leads to one event and one command, in one append. */
export const relay = component("relay", { concurrency: 8 }, (c) =>
  c.handle(Relay, async (m, ctx) => {
    await ctx.publish(Relayed, m);
    await ctx.send(Book, { n: m.n, by: "command" });
  }),
);

/** Counts what arrives: a number that is booked twice for one cause shows as two events in its stream. */
const book = aggregate("booking", 0, (a) => {
  a.decide(
    Book,
    (m) => `${m.by}-${m.n}`,
    (_, m) => Booked(m),
  );
  a.decide(
    Relayed,
    (m) => `event-${m.n}`,
    (_, m) => Booked({ n: m.n, by: "event" }),
  );
  a.evolve(Booked, (count) => count + 1);
});
export const ledger = component("ledger", { concurrency: 8 }, (c) => c.aggregate(book));
