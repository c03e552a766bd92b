import { HEADER } from "../messages/header-names.ts";
import { type GeneratedProjection, withHeader } from "./generated.ts";
import { intermediateStream, publishedStream } from "./stream-names.ts";

/** Generates the projection that takes a component's outbox apart: commands and replies to queues, events to `out-<component>`. */
export function generateRouter(component: string): GeneratedProjection {
  const purpose = `Links what ${component} sends to the queues of others, and what it publishes to ${publishedStream(component)}.`;
  return {
    kind: "router",
    component,
    name: `sluice.router.${component}`,
    text: withHeader(
      "router",
      component,
      purpose,
      route(`fromStream(${JSON.stringify(intermediateStream(component))})`, component),
    ),
  };
}

/** Generates the same for the streams of an aggregate or process manager, `<category>-*`, which `component` owns. */
export function generateCategoryRouter(category: string, component: string): GeneratedProjection {
  const purpose = `Links what the streams of ${category} send to the queues of others, and what they publish to ${publishedStream(category)}.`;
  return {
    kind: "category router",
    component,
    // Named as a component's router is: where a component and a category had one name, both routers would write `out-<name>`.
    name: `sluice.router.${category}`,
    text: withHeader(
      "category router",
      component,
      purpose,
      route(`fromCategory(${JSON.stringify(category)})`, category),
    ),
  };
}

/**
 * `$any` alone: named handlers beside it would switch it off (spec 3.1). It is also called for what leads nowhere, with a null
 * type and number -1, and `linkTo` of that would fault; a deletion shows as an event of a system type (golden
 * `category-queue/category-router-over-aggregates`). Reading metadata that is no JSON throws. No metadata goes into the link: a
 * quote in it would make it invalid and lose it (golden `category-queue/link-with-broken-metadata-is-lost`).
 */
// A deferred message waits in a stream of its minute, one for each router: two writers would fault.
const route = (source: string, owner: string): string => `${source}.when({
  $any(state, e) {
    if (e.eventType === null || e.eventType[0] === "$" || e.sequenceNumber < 0) return;
    let metadata = null;
    try { metadata = e.metadata; } catch (unreadable) {}
    const destination = metadata ? metadata[${JSON.stringify(HEADER.destination)}] : undefined;
    const minute = metadata ? metadata[${JSON.stringify(HEADER.later)}] : undefined;
    if (typeof destination === "string" && destination !== "") {
      if (typeof minute === "string" && minute !== "") linkTo("later." + destination + "-" + minute + ${JSON.stringify(`.${owner}.routed`)}, e);
      else linkTo("in." + destination + ${JSON.stringify(`-${owner}.routed`)}, e);
    } else linkTo(${JSON.stringify(publishedStream(owner))}, e);
  }
});`;
