/** The package whose declarations are read. */
export const TRANSPORT = "@sluice/transport";

/** What of it declares something. */
export const TRANSPORT_NAMES: ReadonlySet<string> = new Set([
  "component",
  "command",
  "event",
  "reply",
  "aggregate",
  "processManager",
  "view",
]);
