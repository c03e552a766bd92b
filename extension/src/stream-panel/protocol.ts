/**
 * What the stream panel's webview and the extension host tell each other. Both parse what comes in: a message of an older
 * version, kept by a window that was reloaded, is dropped and not misread.
 */
import * as v from "valibot";
import { PANEL_ACTIONS } from "./model/panel-action.ts";
import { decimals, placeSchema as place, sourceSchema as source } from "./schemas.ts";

const linkTarget = v.strictObject({ stream: v.string(), revision: decimals });
const request = v.number();

const start = v.union([v.picklist(["start", "end"]), v.strictObject({ place, isIncluded: v.boolean() })]);

const toHost = v.variant("kind", [
  /** The webview runs and listens. */
  v.object({ kind: v.literal("ready") }),
  /** Entries that the filter lets through, at most `count`, told in `rows` as they are found. */
  v.object({
    kind: v.literal("page"),
    request,
    source,
    from: start,
    direction: v.picklist(["forwards", "backwards"]),
    count: v.number(),
    filter: v.string(),
  }),
  /** Nobody waits for this request any more. */
  v.object({ kind: v.literal("cancel"), request }),
  /** Tell what is written after that place, until the request is canceled; in `tailed`, one at a time. */
  v.object({
    kind: v.literal("tail"),
    request,
    source,
    filter: v.string(),
    after: v.union([v.picklist(["start", "end"]), place]),
  }),
  /** The last `tailed` is drawn. */
  v.object({ kind: v.literal("taken"), request }),
  /** Only count from now on; or go on after the last event that was told. */
  v.object({ kind: v.literal("hold"), request, isHeld: v.boolean() }),
  v.object({ kind: v.literal("details"), request, source, place }),
  v.object({ kind: v.literal("copy"), what: v.picklist(["id", "data", "fixture"]), source, place }),
  /** Show the whole event in an editor of its own. */
  v.object({ kind: v.literal("edit"), source, place }),
  /** Open a draft of an event that begins as this one is. */
  v.object({ kind: v.literal("append-like"), source, place }),
  /** Show the conversation that the event belongs to. */
  v.object({ kind: v.literal("show-flow"), source, place }),
  /** How far does the source go now? */
  v.object({ kind: v.literal("newest"), request, source }),
  /** Start the embedded server, which was stopped. */
  v.object({ kind: v.literal("start-server") }),
  /** What commands and keys may do here now. */
  v.object({
    kind: v.literal("state"),
    canGoBack: v.boolean(),
    canGoForward: v.boolean(),
    canCompare: v.boolean(),
    gridFocus: v.boolean(),
  }),
  v.object({ kind: v.literal("compare"), source, places: v.tuple([place, place]) }),
  /** Ask the user where to go; answered by `go`. */
  v.object({ kind: v.literal("jump"), source }),
  /** Another source is shown than before, or through another filter: the panel's title and commands follow. */
  v.object({ kind: v.literal("moved"), source, filter: v.string() }),
]);

const row = v.object({
  key: v.string(),
  place,
  id: v.string(),
  type: v.string(),
  stream: v.string(),
  revision: v.string(),
  created: v.number(),
  size: v.number(),
  content: v.picklist(["empty", "json", "text", "binary"]),
  preview: v.string(),
  link: v.exactOptional(
    v.object({
      state: v.picklist(["followed", "broken", "not-followed"]),
      target: v.exactOptional(linkTarget),
    }),
  ),
});

const body = v.object({
  content: v.picklist(["empty", "json", "text", "binary"]),
  /** As much as is shown: a hex dump where it is binary. */
  text: v.string(),
  /** How much it weighs, and how much of that the text shows, in bytes. */
  size: v.number(),
  shown: v.number(),
  /** Why it is no JSON, though it was written as such. */
  problem: v.exactOptional(v.string()),
  isCut: v.boolean(),
});

const event = v.object({
  id: v.string(),
  type: v.string(),
  stream: v.string(),
  revision: v.string(),
  position: v.string(),
  created: v.number(),
  isJson: v.boolean(),
  data: body,
  metadata: body,
  correlationId: v.exactOptional(v.string()),
  causationId: v.exactOptional(v.string()),
});

/** What the details show: the entry's own event, and of a link what it leads to. */
const details = v.object({
  place,
  event,
  link: v.exactOptional(
    v.object({
      state: v.picklist(["followed", "broken", "not-followed"]),
      target: v.exactOptional(linkTarget),
      /** The stream and number of the link itself. */
      stream: v.string(),
      revision: v.string(),
    }),
  ),
});

const failure = v.object({
  kind: v.picklist(["not-found", "deleted", "no-rights", "filter", "other"]),
  message: v.string(),
});

const toView = v.variant("kind", [
  /** Comes first, and again whenever the connection changes. */
  v.object({
    kind: v.literal("shown"),
    /** Another `server` than before (its address, and who logs in) makes the view read anew. */
    connection: v.object({
      id: v.string(),
      name: v.string(),
      server: v.string(),
      isStopped: v.boolean(),
      color: v.exactOptional(v.string()),
    }),
    source,
    /** The place to show; the newest entries without it. What was kept before a reload goes first. */
    place: v.exactOptional(place),
    /** The texts in the user's language, as VS Code has loaded them; missing where that is English. */
    bundle: v.exactOptional(v.record(v.string(), v.string())),
    locale: v.string(),
  }),
  v.object({
    kind: v.literal("rows"),
    request,
    /** In the source's order, whichever way they were read. */
    rows: v.array(row),
    /** Where the request began to read, and how far it is; missing where nothing was there. */
    begin: v.exactOptional(place),
    cursor: v.exactOptional(place),
    /** How many entries were looked at since the request began. */
    scanned: v.number(),
    /** Nothing lies further that way. */
    isEnd: v.boolean(),
    /** Nothing follows for this request. */
    isDone: v.boolean(),
  }),
  v.object({
    kind: v.literal("tailed"),
    request,
    rows: v.array(row),
    cursor: v.exactOptional(place),
    /** How many events came since the tail began, and how many wait while it is held. */
    arrived: v.number(),
    held: v.number(),
    isCaughtUp: v.boolean(),
  }),
  v.object({ kind: v.literal("details"), request, details: v.nullable(details) }),
  v.object({ kind: v.literal("failed"), request, failure }),
  /** Show this part of the source. */
  v.object({ kind: v.literal("go"), source, to: v.union([v.picklist(["start", "end"]), place]) }),
  /** A command asks for it; with a place, for the row there, which a menu was opened on. */
  v.object({ kind: v.literal("do"), what: v.picklist(PANEL_ACTIONS), place: v.exactOptional(place) }),
  /** The place of the newest entry; null where there is none. */
  v.object({ kind: v.literal("newest"), request, place: v.nullable(place) }),
  v.object({
    kind: v.literal("connection"),
    /** What stands between the panel and the server; "open" where nothing does. */
    state: v.picklist(["open", "unreachable", "removed"]),
    message: v.string(),
  }),
  /** The server was away, or the connection was closed, and is back: another one may have come in its place. */
  v.object({ kind: v.literal("back") }),
]);

export type ToHost = v.InferOutput<typeof toHost>;
export type ToView = v.InferOutput<typeof toView>;
export type Details = v.InferOutput<typeof details>;
export type EventDetails = v.InferOutput<typeof event>;
export type Body = v.InferOutput<typeof body>;
export type Failure = v.InferOutput<typeof failure>;

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

/** The row that VS Code's context menu was opened on, whatever the panel shows by now. */
export type PickedRow = v.InferOutput<typeof pickedRow>;

const pickedRow = v.object({ connectionId: v.string(), source, place });

/** Undefined where a command was not called from a row's menu. */
export function parsePickedRow(context: unknown): PickedRow | undefined {
  const parsed = v.safeParse(pickedRow, context);
  return parsed.success ? parsed.output : undefined;
}
