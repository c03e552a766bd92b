import { type Context, context, createContextKey, trace } from "@opentelemetry/api";
import { type ContextItems, contextKey } from "../../pipeline/context-items.ts";
import type { OutgoingContext } from "../../pipeline/outgoing.ts";
import { extract } from "./trace-context.ts";

/** In the items of a message: the context of the attempt that handles it. */
const ATTEMPT = contextKey<Context>("sluice.opentelemetry.attempt");
/** In a context: that of the attempt that it belongs to. */
const BELONGS_TO = createContextKey("sluice.opentelemetry.attempt");
/** In a context: a message is on its way to the server by itself, and has a span. */
const SENDING = createContextKey("sluice.opentelemetry.sending");

/** Marks a context as that of an attempt. */
export function ofAttempt(parent: Context, items: ContextItems): Context {
  const attempt = parent.setValue(BELONGS_TO, Symbol("attempt"));
  items.set(ATTEMPT, attempt);
  return attempt;
}

/**
 * In which context a message is made. Mostly the active one. Where decisions on several messages share an append, that may be another
 * message's: then that of the attempt that it leads from. Where there is none, the trace that the sender itself has put into the headers.
 */
export function contextOf({ items, headers }: Pick<OutgoingContext, "items" | "headers">): Context {
  const active = context.active();
  const attempt = items.get(ATTEMPT);
  if (attempt !== undefined) return belongsTo(active) === belongsTo(attempt) ? active : attempt;
  return trace.getSpan(active) === undefined ? extract(headers) : active;
}

/** Whether the active context is that of an attempt, within which nothing is being sent by itself. */
export const isWithinAttempt = (active: Context): boolean =>
  belongsTo(active) !== undefined && active.getValue(SENDING) !== true;

export const whileSending = (made: Context): Context => made.setValue(SENDING, true);

const belongsTo = (of: Context): unknown => of.getValue(BELONGS_TO);
