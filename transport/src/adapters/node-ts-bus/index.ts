/** A transport for `@node-ts/bus-core`, on the seam. */
export { nodeTsBusTransport } from "./transport.ts";
export type { NodeTsBusOptions } from "./options.ts";
export type { NodeTsBusTransport } from "./node-ts-bus-transport.ts";
export type { RawMessage } from "./raw-message.ts";
export type {
  BusAttributeMap,
  BusAttributes,
  BusDependencies,
  BusHandlerRegistry,
  BusInitialization,
  BusMessage,
  BusTransportMessage,
  SomeTransportMessage,
} from "./bus-types.ts";
export { BusNotReady } from "./bus-not-ready.ts";
