/** The topology: a component's shape as a value, and the names and projections that follow from it. Pure. */
export type { Access, StreamAcl, UncoveredStreams } from "./access.ts";
export type { GeneratedHeader, GeneratedKind, GeneratedProjection } from "./generated.ts";
export { readHeader } from "./generated.ts";
export type { Span, Subscriptions } from "./filter.ts";
export { generateBackfill, generateFilter, readBackfill, readFilter, spansOwed, withAdded } from "./filter.ts";
export type { Pattern } from "./pattern.ts";
export { matches } from "./pattern.ts";
export { queueOf } from "./queue-address.ts";
export type { RouterKind, RouterOptions } from "./router.ts";
export { generateCategoryRouter, generateRouter, readRouter, routeOf } from "./router.ts";
export { requireCategoryName, requireComponentName } from "./component-name.ts";
export { requireMessageType } from "./message-type.ts";
export type { ComponentShape, DeclaredComponent, From, HandledMessage } from "./shape.ts";
export { DEFAULT_MESSAGE_TIMEOUT, shapeFrom } from "./shape.ts";
export {
  backfillName,
  backfillStream,
  categoryStream,
  deploymentStream,
  directPublishedStream,
  directStream,
  filterName,
  instanceStream,
  intermediateStream,
  parkedRecordStream,
  parkedStream,
  PUBLISHED,
  publishedStream,
  queueStream,
  routedStream,
  routerName,
  snapshotStream,
  subscriptionsStream,
} from "./stream-names.ts";
