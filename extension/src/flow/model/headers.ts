/** The headers that tell how messages belong together, as `@sluice/transport` writes them. */
export const HEADER = {
  causationId: "$causationId",
  source: "sluice.source",
  destination: "sluice.destination",
  deliverAt: "sluice.deliverAt",
  messageId: "sluice.messageId",
  delayedRetries: "sluice.delayedRetries",
  replays: "sluice.replays",
  editOf: "sluice.editOf",
  lastFailure: "sluice.lastFailure",
} as const;
