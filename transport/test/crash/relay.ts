import { aggregate, command, component, event } from "../../src/index.ts";
import type { Names } from "../names.ts";

/** A number to pass on. */
export const relayOf = (name: Names) => command(`${name("relay")}.Relay`, { to: name("relay") })<{ n: number }>();

/**
 * A relay in which each message leads to one event and one command, in one append, and a ledger that counts what arrives: a number
 * that is booked twice for one cause shows as two events in its stream.
 */
export function relayAndLedger(name: Names) {
  const Relayed = event(`${name("relay")}.Relayed`)<{ n: number }>();
  const Book = command(`${name("ledger")}.Book`, { to: name("ledger") })<{ n: number; by: string }>();
  const Booked = event(`${name("ledger")}.Booked`)<{ n: number; by: string }>();
  const relay = component(name("relay"), { concurrency: 8 }, (c) =>
    c.handle(relayOf(name), async (m, ctx) => {
      await ctx.publish(Relayed, m);
      await ctx.send(Book, { n: m.n, by: "command" });
    }),
  );
  const book = aggregate(name("booking"), 0, (a) => {
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
  return [relay, component(name("ledger"), { concurrency: 8 }, (c) => c.aggregate(book))] as const;
}
