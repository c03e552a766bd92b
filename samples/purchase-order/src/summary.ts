import type { QueueState } from "@sluice/sample-display";
import { type Overview, type Step, STEPS } from "./overview.ts";

/** What a summary shows. */
export interface Snapshot {
  /** Milliseconds since any fixed moment. */
  readonly at: number;
  readonly totals: Readonly<Record<Step, number>>;
  /** Of the completed ones, those that could not be shipped. */
  readonly cancelled: number;
  /** Milliseconds from placed to completed, of the orders completed last. */
  readonly durations: readonly number[];
  readonly balances: ReadonlyMap<string, number>;
  /** Undefined while the server does not answer. */
  readonly queues: readonly QueueState[] | undefined;
}

export function snapshotOf(at: number, state: Overview, queues: Snapshot["queues"]): Snapshot {
  const { totals, cancelled, balances } = state;
  return { at, totals: { ...totals }, cancelled, durations: [...state.durations], balances, queues };
}

/** Several lines for a person who watches. */
export function table(now: Snapshot, before: Snapshot | undefined): string {
  const steps = STEPS.map((step) => {
    const total = now.totals[step].toLocaleString("en");
    return `${step.padEnd(10)} ${total.padStart(9)} ${perSecond(step, now, before).padStart(9)}`;
  });
  return [`${"orders".padEnd(10)} ${"so far".padStart(9)} ${"a second".padStart(9)}`, ...steps, ...state(now)].join(
    "\n",
  );
}

/** The same in one line, for a log. */
export function line(now: Snapshot, before: Snapshot | undefined): string {
  const steps = STEPS.map((step) => `${step} ${now.totals[step]}`).join(", ");
  const rate = before === undefined ? "" : `, ${perSecond("completed", now, before)} a second`;
  // What stands in columns above needs none here.
  return `${steps}${rate}; ${state(now).join("; ").replaceAll(/: +/g, ": ")}`;
}

function state({ totals, cancelled, durations, balances, queues }: Snapshot): readonly string[] {
  const median = durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)];
  const took = median === undefined ? "" : `, ${median} ms from placed to completed`;
  return [
    `lag:       ${totals.placed - totals.completed} under way${took}`,
    `canceled:  ${cancelled}`,
    `in hand:   ${queuesWith("inHand", queues)}`,
    `parked:    ${queuesWith("parked", queues)}`,
    `booked:    ${euros(turnover(balances))}, of which ${euros(-(balances.get("income:fees") ?? 0))} fees`,
  ];
}

function perSecond(step: Step, now: Snapshot, before: Snapshot | undefined): string {
  if (before === undefined || now.at <= before.at) return "";
  return ((now.totals[step] - before.totals[step]) / ((now.at - before.at) / 1000)).toFixed(1);
}

function queuesWith(what: "inHand" | "parked", queues: Snapshot["queues"]): string {
  if (queues === undefined) return "the server does not answer";
  const some = queues.filter((queue) => queue[what] > 0).map((queue) => `${queue.component} ${queue[what]}`);
  return some.length === 0 ? "nothing" : some.join(", ");
}

/** What buyers owe. */
function turnover(balances: ReadonlyMap<string, number>): number {
  return [...balances.values()].reduce((sum, balance) => (balance > 0 ? sum + balance : sum), 0);
}

/** Whole euros; what rounds to nothing has no sign. */
function euros(cents: number): string {
  return `€ ${(Math.round(cents / 100) + 0).toLocaleString("en")}`;
}
