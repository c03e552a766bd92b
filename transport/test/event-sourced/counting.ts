import { aggregate, command, component, event } from "../../src/index.ts";

export const Count = command("counting.Count", { to: "counting" })<{ of: string; n: number }>();
export const Counted = event("counting.Counted")<{ of: string; n: number }>();

/** Counts whatever it is told, also what it has been told before: that each counts once is the transport's matter. */
const counter = aggregate("counter", 0, (a) => {
  a.decide(
    Count,
    ({ of }) => of,
    (_, m) => Counted(m),
  );
  a.evolve(Counted, (count) => count + 1);
});

export const counting = component("counting", { concurrency: 4, messageTimeout: 2_000 }, (c) => c.aggregate(counter));
