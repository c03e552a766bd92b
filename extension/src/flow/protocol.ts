/** What the webview of a conversation and the extension host tell each other; both parse what comes in. */
import * as v from "valibot";
import { FLOW_ACTIONS } from "./model/flow-action.ts";
import {
  flowEventSchema,
  fromSchema,
  flowLinkSchema,
  instanceEventSchema,
  parkingSchema,
  snapshotSchema,
} from "./schemas.ts";

const request = v.number();
const time = v.exactOptional(v.number());

const toHost = v.variant("kind", [
  /** The webview runs and listens. */
  v.object({ kind: v.literal("ready") }),
  /** Read the conversation, from the beginning or further than the last search went. */
  v.object({ kind: v.literal("read"), request, isFurther: v.boolean() }),
  v.object({ kind: v.literal("links"), request }),
  /** Read the stream of one instance. */
  v.object({ kind: v.literal("course"), request, stream: v.string() }),
  /** What was found until now is enough. */
  v.object({ kind: v.literal("stop"), request }),
  /** Show an event in its stream. */
  v.object({ kind: v.literal("open"), stream: v.string(), revision: v.string() }),
  /** Put the text into the clipboard, or into a file that the user chooses. */
  v.object({ kind: v.literal("copy"), text: v.string() }),
  v.object({ kind: v.literal("save"), extension: v.picklist(["svg", "mmd"]), text: v.string() }),
  v.object({ kind: v.literal("start-server") }),
]);

/** How the events were found, and what was not looked at. */
const way = v.variant("kind", [
  v.object({
    kind: v.literal("index"),
    stream: v.string(),
    /** Links whose events are gone. */
    gone: v.number(),
    isCut: v.boolean(),
  }),
  v.object({
    kind: v.literal("search"),
    why: v.picklist(["no-index", "index-behind"]),
    looked: v.number(),
    /** When the first and the last event that was looked at were stored; missing where the log ends there. */
    before: time,
    after: time,
    isStopped: v.boolean(),
    isCut: v.boolean(),
  }),
]);

const toView = v.variant("kind", [
  /** Comes first, and again whenever the connection changes. */
  v.object({
    kind: v.literal("shown"),
    connection: v.object({
      id: v.string(),
      name: v.string(),
      server: v.string(),
      isStopped: v.boolean(),
      color: v.exactOptional(v.string()),
    }),
    correlationId: v.string(),
    /** The event that it was asked for from. */
    from: v.exactOptional(fromSchema),
    bundle: v.exactOptional(v.record(v.string(), v.string())),
    locale: v.string(),
  }),
  v.object({ kind: v.literal("progress"), request, looked: v.number(), found: v.exactOptional(v.number()) }),
  v.object({
    kind: v.literal("conversation"),
    request,
    events: v.array(flowEventSchema),
    parkings: v.array(parkingSchema),
    /** Components of which only the newest parked messages were looked at, or none could be. */
    cutParkings: v.array(v.string()),
    deniedParkings: v.array(v.string()),
    way,
  }),
  v.object({
    kind: v.literal("links"),
    request,
    links: v.array(flowLinkSchema),
    looked: v.number(),
    isWhole: v.boolean(),
  }),
  v.object({
    kind: v.literal("course"),
    request,
    stream: v.string(),
    events: v.array(instanceEventSchema),
    snapshots: v.array(snapshotSchema),
    isWhole: v.boolean(),
  }),
  v.object({ kind: v.literal("failed"), request, message: v.string() }),
  /** A command asks for it. */
  v.object({ kind: v.literal("do"), what: v.picklist(FLOW_ACTIONS) }),
  v.object({
    kind: v.literal("connection"),
    state: v.picklist(["open", "unreachable", "removed"]),
  }),
]);

export type ToHost = v.InferOutput<typeof toHost>;
export type ToView = v.InferOutput<typeof toView>;
export type Way = v.InferOutput<typeof way>;

/** Undefined for what is no message of this protocol. */
export function parseToHost(message: unknown): ToHost | undefined {
  const parsed = v.safeParse(toHost, message);
  return parsed.success ? parsed.output : undefined;
}

/** Undefined for what is no message of this protocol. */
export function parseToView(message: unknown): ToView | undefined {
  const parsed = v.safeParse(toView, message);
  return parsed.success ? parsed.output : undefined;
}
