import { component, view } from "@sluice/transport";
import {
  AccountCredited,
  AccountDebited,
  FeeCharged,
  OrderMatched,
  OrderPlaced,
  OrderRejected,
  OrderShipped,
  PurchaseBooked,
  PurchaseCancelled,
  PurchaseCompleted,
} from "./messages.ts";

/** How far an order has come; each step, with the moment it was taken. The last is the end, whether it was shipped or canceled. */
export const STEPS = ["placed", "matched", "fulfilled", "charged", "booked", "completed"] as const;
export type Step = (typeof STEPS)[number];

/** What the view knows of one order. Steps that run beside each other may show in either order. */
export type OrderProgress = { [S in Step]?: Date } & {
  /** Why it ended without being shipped. */
  refusal?: string;
};

export interface Overview {
  readonly orders: Map<string, OrderProgress>;
  /** Orders that have come so far, by step. */
  readonly totals: Record<Step, number>;
  /** Of those that have come to their end, how many without being shipped. */
  cancelled: number;
  /** Milliseconds from placed to completed of the orders completed last, {@link LATEST} at most. */
  readonly durations: number[];
  /** Balance of each account in cents: debits less credits. */
  readonly balances: Map<string, number>;
}

const LATEST = 50;

export function emptyOverview(): Overview {
  const totals = { placed: 0, matched: 0, fulfilled: 0, charged: 0, booked: 0, completed: 0 };
  return { orders: new Map(), totals, cancelled: 0, durations: [], balances: new Map() };
}

function step(state: Overview, orderId: string, step: Step, at: Date | undefined): void {
  const progress = state.orders.get(orderId) ?? {};
  if (progress[step] !== undefined) return;
  progress[step] = at ?? new Date(0);
  state.orders.set(orderId, progress);
  state.totals[step] += 1;
  if (progress.placed === undefined || progress.completed === undefined) return;
  state.durations.push(progress.completed.getTime() - progress.placed.getTime());
  if (state.durations.length > LATEST) state.durations.shift();
}

function cancel(state: Overview, orderId: string, reason: string, at: Date | undefined): void {
  if (state.orders.get(orderId)?.completed === undefined) state.cancelled += 1;
  step(state, orderId, "completed", at);
  const progress = state.orders.get(orderId);
  if (progress !== undefined) progress.refusal ??= reason;
}

function post(state: Overview, account: string, amount: number): void {
  state.balances.set(account, (state.balances.get(account) ?? 0) + amount);
}

/** What became of each order, folded from the published events of all components, all of history first. */
export const overview = view("overview", emptyOverview, (v) => {
  v.on(OrderPlaced, (state, { orderId }, { sentAt }) => step(state, orderId, "placed", sentAt));
  v.on(OrderMatched, (state, { orderId }, { sentAt }) => step(state, orderId, "matched", sentAt));
  v.on(OrderShipped, (state, { orderId }, { sentAt }) => step(state, orderId, "fulfilled", sentAt));
  v.on(FeeCharged, (state, { orderId }, { sentAt }) => step(state, orderId, "charged", sentAt));
  v.on(PurchaseBooked, (state, { orderId }, { sentAt }) => step(state, orderId, "booked", sentAt));
  v.on(PurchaseCompleted, (state, { orderId }, { sentAt }) => step(state, orderId, "completed", sentAt));
  v.on(PurchaseCancelled, (state, { orderId, reason }, { sentAt }) => cancel(state, orderId, reason, sentAt));
  v.on(OrderRejected, (state, { orderId, reason }, { sentAt }) => cancel(state, orderId, reason, sentAt));
  v.on(AccountDebited, (state, { account, amount }) => post(state, account, amount));
  v.on(AccountCredited, (state, { account, amount }) => post(state, account, -amount));
});

export const reporting = component("reporting", (c) => c.view(overview));
