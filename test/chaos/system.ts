import { setTimeout as sleep } from "node:timers/promises";
import {
  aggregate,
  command,
  type Component,
  component,
  type ComponentOptions,
  event,
  processManager,
  reply,
  Unrecoverable,
} from "@sluice/transport";

/** The number of an order is in all that it leads to. */
interface OfOrder {
  readonly n: number;
}

export const Take = command("chaos.Take", { to: "desk" })<OfOrder & { poison: boolean }>();
export const Receipt = reply("chaos.Receipt")<OfOrder>();
const Taken = event("chaos.Taken")<OfOrder>();
const Write = command("chaos.Write", { to: "scribe" })<OfOrder & { part: number }>();
const Written = event("chaos.Written")<OfOrder & { part: number }>();
const Deposit = command("chaos.Deposit", { to: "ledger" })<OfOrder>();
const Deposited = event("chaos.Deposited")<OfOrder>();
const Noted = event("chaos.Noted")<OfOrder & { of: string }>();
const Begun = event("chaos.Begun")<OfOrder>();
const Carry = command("chaos.Carry", { to: "courier" })<OfOrder>();
const Carried = event("chaos.Carried")<OfOrder>();
const Ended = event("chaos.Ended")<OfOrder>();
const Audited = event("chaos.Audited")<OfOrder & { of: string }>();

/** What the handlers of one message send to one queue, in this order. */
export const PARTS = { desk: [0, 1, 2], courier: [10, 11] };
/** Few at a time, so that several orders meet at each; new ones again and again, so that none grows for ever. */
const ACCOUNTS = 5;
const accountOf = (n: number): string => String(Math.floor(n / 200) * ACCOUNTS + (n % ACCOUNTS));
/** Shorter than a process is frozen, so that what it holds is handed to others meanwhile. */
export const MESSAGE_TIMEOUT = 2_000;
export const COMPONENTS = ["desk", "scribe", "ledger", "trips", "courier", "audit"];

/** Which version of the system a process runs. */
export interface Version {
  /** Event types that nobody publishes and `audit` subscribes to: one more of them is a deployment with something to do. */
  readonly extras: number;
  /** Does not know that `audit` wants `Ended`. */
  readonly isOld: boolean;
}

const OPTIONS: ComponentOptions = {
  concurrency: 8,
  messageTimeout: MESSAGE_TIMEOUT,
  // Many processes die here that are not to blame.
  maxDeliveries: 1_000,
};

/**
 * An order is taken, written down in parts, paid for, carried once it is both taken and paid, and each step audited.
 *
 * ```
 * Take → desk ─┬─ Write 0, 1, 2 → scribe → Written
 *              ├─ Deposit → ledger: account-<n> → Deposited ──▶ trips ┐
 *              ├─ Taken ─────────────────────────────▶ trips, audit   ├─ trip-<n>: Begun → Carry → courier
 *              └─ Receipt → audit                                     │      (direct) Write 10, 11 → scribe; Carried → trips, audit
 *                                                                     └─ Ended → audit → Audited
 * ```
 */
export function system({ extras, isOld }: Version): readonly Component[] {
  const desk = component("desk", OPTIONS, (c) =>
    c.handle(Take, async ({ n, poison }, ctx) => {
      if (poison) throw new Unrecoverable("This one is meant to be parked.");
      await ctx.send(Write, { n, part: 0 });
      await ctx.publish(Taken, { n });
      await ctx.send(Write, { n, part: 1 });
      if (n % 7 === 0 && ctx.attempt === 1) throw new Error("It fails at first.");
      await ctx.send(Deposit, { n });
      await sleep(n % 5);
      await ctx.send(Write, { n, part: 2 });
      if (ctx.replyTo !== undefined) await ctx.reply(Receipt, { n });
    }),
  );
  const scribe = component("scribe", OPTIONS, (c) => c.handle(Write, (m, ctx) => ctx.publish(Written, m)));
  const account = aggregate("account", { deposits: 0 }, (a) => {
    a.decide(
      Deposit,
      ({ n }) => accountOf(n),
      (_, m) => Deposited(m),
    );
    a.evolve(Deposited, ({ deposits }) => ({ deposits: deposits + 1 }));
  });
  const trip = processManager("trip", { noted: 0, ended: false }, (p) => {
    const note = (noted: number, n: number, of: string) =>
      noted === 0 ? [Noted({ n, of })] : [Noted({ n, of }), Begun({ n })];
    p.startedBy(Taken, idOf, ({ noted }, { n }) => note(noted, n, "Taken"));
    p.startedBy(Deposited, idOf, ({ noted }, { n }) => note(noted, n, "Deposited"));
    p.on(Carried, idOf, (_, { n }) => [Ended({ n })]);
    p.evolve(Noted, (state) => ({ ...state, noted: state.noted + 1 }));
    p.gateway(Begun, ({ n }) => [Carry({ n })]);
    p.evolve(Ended, (state) => ({ ...state, ended: true }));
    p.completedBy(Ended);
  });
  const courier = component("courier", { ...OPTIONS, sends: "direct" }, (c) =>
    c.handle(Carry, async ({ n }, ctx) => {
      await ctx.send(Write, { n, part: 10 });
      if (n % 11 === 0 && ctx.attempt === 1) throw new Error("It fails at first, half of it done.");
      await ctx.send(Write, { n, part: 11 });
      await ctx.publish(Carried, { n });
    }),
  );
  const audit = component("audit", OPTIONS, (c) => {
    c.handle(Taken, ({ n }, ctx) => ctx.publish(Audited, { n, of: "Taken" }));
    c.handle(Carried, ({ n }, ctx) => ctx.publish(Audited, { n, of: "Carried" }));
    c.handle(Receipt, ({ n }, ctx) => ctx.publish(Audited, { n, of: "Receipt" }));
    if (!isOld) c.handle(Ended, ({ n }, ctx) => ctx.publish(Audited, { n, of: "Ended" }));
    for (let extra = 0; extra < extras; extra++) c.handle(event(`chaos.Extra${extra}`)<OfOrder>(), () => {});
  });
  const owners = [
    component("ledger", OPTIONS, (c) => c.aggregate(account)),
    component("trips", OPTIONS, (c) => c.processManager(trip)),
  ];
  return [desk, scribe, ...owners, courier, audit];
}

const idOf = ({ n }: OfOrder): string => String(n);

/** What must be stored of an order that came through, besides `Take`: the stream, or its beginning, and what tells it apart. */
export function effectsOf(
  n: number,
  isReceiptAudited: boolean,
): readonly { readonly stream: string; readonly what: string }[] {
  const writes = [...PARTS.desk, ...PARTS.courier];
  const audited = ["Taken", "Carried", "Ended", ...(isReceiptAudited ? ["Receipt"] : [])];
  return [
    { stream: "intermediate.desk", what: `chaos.Taken ${n}` },
    { stream: "intermediate.desk", what: `chaos.Deposit ${n}` },
    { stream: "intermediate.desk", what: `chaos.Receipt ${n}` },
    ...PARTS.desk.map((part) => ({ stream: "intermediate.desk", what: `chaos.Write ${n} ${part}` })),
    { stream: `account-${accountOf(n)}`, what: `chaos.Deposited ${n}` },
    ...["Taken", "Deposited"].map((of) => ({ stream: `trip-${n}`, what: `chaos.Noted ${n} ${of}` })),
    ...["Begun", "Carry", "Ended"].map((type) => ({ stream: `trip-${n}`, what: `chaos.${type} ${n}` })),
    ...PARTS.courier.map((part) => ({ stream: "in.scribe-courier", what: `chaos.Write ${n} ${part}` })),
    { stream: "out-courier.direct", what: `chaos.Carried ${n}` },
    ...writes.map((part) => ({ stream: "intermediate.scribe", what: `chaos.Written ${n} ${part}` })),
    ...audited.map((of) => ({ stream: "intermediate.audit", what: `chaos.Audited ${n} ${of}` })),
  ];
}
