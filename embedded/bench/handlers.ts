/** The handlers of a router and a filter, as the transport generates them. */

export const ROUTER_HANDLERS = `{
  $any(state, e) {
    if (e.eventType === null || e.eventType[0] === "$" || e.sequenceNumber < 0) return;
    let metadata = null;
    try { metadata = e.metadata; } catch (unreadable) {}
    const destination = metadata ? metadata.destination : undefined;
    if (typeof destination === "string" && destination !== "") linkTo("in." + destination + "-sales.routed", e);
    else linkTo("out-sales", e);
  }
}`;

export const FILTER_HANDLERS = `{
  "sales.OrderPlaced"(state, e) { if (e.linkMetadata.$c < 0) return; linkTo("in.billing-subscriptions", e); }
}`;

export const ROUTER = `fromStream("intermediate.sales").when(${ROUTER_HANDLERS});`;
export const FILTER = `fromCategory("out").when(${FILTER_HANDLERS});`;
