import * as v from "valibot";

const decimals = v.pipe(v.string(), v.regex(/^\d{1,20}$/));

/** The event that a conversation was asked for from, with its place in the log. */
export const fromSchema = v.object({ stream: v.string(), revision: decimals, commit: decimals, prepare: decimals });

/** An event of a conversation: what drawings and tables need of it, and no body. */
export const flowEventSchema = v.object({
  /** `revision@stream`: no two events share it, which cannot be said of ids. */
  key: v.string(),
  id: v.string(),
  /** The id of the message that it is: its own, or of what it is a copy of. */
  messageId: v.string(),
  type: v.string(),
  stream: v.string(),
  revision: decimals,
  /** Where it lies in the log, which is the order of all that happened. */
  commit: decimals,
  prepare: decimals,
  /** When it was stored, in milliseconds since 1970, by the clock of the server that was the leader then. */
  created: v.number(),
  causationId: v.exactOptional(v.string()),
  /** Who wrote it: a component, or the category of its stream where it does not say. */
  party: v.string(),
  /** Whether {@link party} is a component by the topology's names or the message's own word. */
  isComponent: v.boolean(),
  /** The component that it was sent to; an event goes to whoever has subscribed. */
  destination: v.exactOptional(v.string()),
  /** The id of the message that a person edited to make this one. */
  editOf: v.exactOptional(v.string()),
  /** Delayed retries up to this copy, and times a person had it handled again. */
  delayedRetries: v.exactOptional(v.number()),
  replays: v.exactOptional(v.number()),
  /** What was thrown before this copy was made. */
  lastFailure: v.exactOptional(v.string()),
  /** Not to be handled before this; in milliseconds since 1970. */
  deliverAt: v.exactOptional(v.number()),
});

/** A message that was put aside since it could not be handled. */
export const parkingSchema = v.object({
  /** The event that was parked. */
  key: v.string(),
  component: v.string(),
  at: v.number(),
  exception: v.string(),
  message: v.string(),
  /** Times it was handled in the last delivery; 0 where nobody says. */
  attempts: v.number(),
  /** What a person has done with it since. */
  state: v.picklist(["parked", "retried", "edited", "archived"]),
});

/** A link to an event: how a router, a category or a filter led it on. */
export const flowLinkSchema = v.object({
  /** The event it leads to. */
  key: v.string(),
  stream: v.string(),
  revision: decimals,
  created: v.number(),
});

/** An event of one stream with its body's values, for the course of an instance. */
export const instanceEventSchema = v.object({
  revision: decimals,
  id: v.string(),
  type: v.string(),
  created: v.number(),
  causationId: v.exactOptional(v.string()),
  destination: v.exactOptional(v.string()),
  /** Each value in its body by its path. */
  fields: v.array(v.tuple([v.string(), v.string()])),
});

/** What a process has stored of an instance, as its code has made it. */
export const snapshotSchema = v.object({
  /** The last event that is folded into it. */
  revision: decimals,
  created: v.number(),
  /** JSON; undefined where it cannot be read here. */
  state: v.exactOptional(v.string()),
});

export type FlowEvent = v.InferOutput<typeof flowEventSchema>;
export type Parking = v.InferOutput<typeof parkingSchema>;
export type FlowLink = v.InferOutput<typeof flowLinkSchema>;
export type InstanceEvent = v.InferOutput<typeof instanceEventSchema>;
export type Snapshot = v.InferOutput<typeof snapshotSchema>;
