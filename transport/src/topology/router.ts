import { HEADER } from "../messages/header-names.ts";
import { type GeneratedProjection, withHeader } from "./generated.ts";
import {
  categoryStream,
  intermediateStream,
  publishedStream,
  routedLaterStream,
  routedStream,
  routerName,
} from "./stream-names.ts";

/** Which router of an outbox or category it is, and where it begins. */
export interface RouterOptions {
  /** Default 1. A later one took the place of one that had faulted, and writes streams of its own. */
  readonly generation?: number;
  /** What it passes over lies before this: an event number of the outbox, a log position of a category. Default 0, nothing. */
  readonly since?: number;
}

/** A router's kind decides what it reads, and what its `since` counts. */
export type RouterKind = "router" | "category router";

/** Generates the projection that takes a component's outbox apart: commands and replies to queues, events to `out-<component>`. */
export function generateRouter(
  component: string,
  { generation = 1, since = 0 }: RouterOptions = {},
): GeneratedProjection {
  const purpose = `Links what ${component} sends to the queues of others, and what it publishes to ${publishedStream(component, generation)}${since === 0 ? "" : `, from event ${since} of its outbox on`}.`;
  const script = route(`fromStream(${JSON.stringify(intermediateStream(component))})`, component, generation, {
    place: "e.sequenceNumber",
    since,
  });
  return {
    kind: "router",
    component,
    name: routerName(component, generation),
    text: withHeader("router", component, purpose, script),
  };
}

/** Generates the same for the streams of an aggregate or process manager, `<category>-*`, which `component` owns. */
export function generateCategoryRouter(
  category: string,
  component: string,
  { generation = 1, since = 0 }: RouterOptions = {},
): GeneratedProjection {
  const purpose = `Links what the streams of ${category} send to the queues of others, and what they publish to ${publishedStream(category, generation)}${since === 0 ? "" : `, from log position ${since} on`}.`;
  const script = route(`fromCategory(${JSON.stringify(category)})`, category, generation, {
    place: "e.linkMetadata.$c",
    since,
  });
  return {
    kind: "category router",
    component,
    // Named as a component's router is: where a component and a category had one name, both routers would write `out-<name>`.
    name: routerName(category, generation),
    text: withHeader("category router", component, purpose, script),
  };
}

/** Reads where a router begins back out of a text that was generated here. */
export const readRouter = (text: string): number =>
  Number(/^ {4}if \(e\.(?:sequenceNumber|linkMetadata\.\$c) < (\d+)\) return;$/m.exec(text)?.[1] ?? 0);

/** The stream that a router reads. */
export const routerSource = (kind: RouterKind, owner: string): string =>
  kind === "router" ? intermediateStream(owner) : categoryStream(owner);

/**
 * Where a router links an event: what its script does, to be told from outside. Undefined for what it passes over.
 * @param metadata what the event's metadata say.
 */
export function routeOf(
  owner: string,
  generation: number,
  type: string,
  metadata: Readonly<Record<string, unknown>>,
): string | undefined {
  if (type.startsWith("$")) return undefined;
  const { [HEADER.destination]: destination, [HEADER.later]: minute } = metadata;
  if (typeof destination !== "string" || destination === "") return publishedStream(owner, generation);
  return typeof minute === "string" && minute !== ""
    ? routedLaterStream(destination, minute, owner, generation)
    : routedStream(destination, owner, generation);
}

/**
 * `$any` alone: named handlers beside it would switch it off (spec 3.1). It is also called for what leads nowhere, with a null
 * type and number -1, and `linkTo` of that would fault; a deletion shows as an event of a system type (golden
 * `category-queue/category-router-over-aggregates`). Reading metadata that is no JSON throws. No metadata goes into the link: a
 * quote in it would make it invalid and lose it (golden `category-queue/link-with-broken-metadata-is-lost`).
 */
// A deferred message waits in a stream of its minute, one for each router: two writers would fault.
const route = (
  source: string,
  owner: string,
  generation: number,
  { place, since }: { readonly place: string; readonly since: number },
): string => `${source}.when({
  $any(state, e) {
    if (e.eventType === null || e.eventType[0] === "$" || e.sequenceNumber < 0) return;
${since === 0 ? "" : `    if (${place} < ${since}) return;\n`}    let metadata = null;
    try { metadata = e.metadata; } catch (unreadable) {}
    const destination = metadata ? metadata[${JSON.stringify(HEADER.destination)}] : undefined;
    const minute = metadata ? metadata[${JSON.stringify(HEADER.later)}] : undefined;
    if (typeof destination === "string" && destination !== "") {
      if (typeof minute === "string" && minute !== "") linkTo("later." + destination + "-" + minute + ${JSON.stringify(routedLaterStream("", "", owner, generation).slice("later.-".length))}, e);
      else linkTo("in." + destination + ${JSON.stringify(routedStream("", owner, generation).slice("in.".length))}, e);
    } else linkTo(${JSON.stringify(publishedStream(owner, generation))}, e);
  }
});`;
