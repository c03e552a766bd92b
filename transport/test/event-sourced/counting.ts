import { aggregate, command, component, event } from "../../src/index.ts";
import type { Names } from "../names.ts";

export const countOf = (name: Names) =>
  command(`${name("counting")}.Count`, { to: name("counting") })<{ of: string; n: number }>();

/** Counts whatever it is told, also what it has been told before: that each counts once is the transport's matter. */
export function counting(name: Names) {
  const Counted = event(`${name("counting")}.Counted`)<{ of: string; n: number }>();
  const counter = aggregate(name("counter"), 0, (a) => {
    a.decide(
      countOf(name),
      ({ of }) => of,
      (_, m) => Counted(m),
    );
    a.evolve(Counted, (count) => count + 1);
  });
  return component(name("counting"), { concurrency: 4, messageTimeout: 2_000 }, (c) => c.aggregate(counter));
}
