/** The seam: what a transport offers to a bus, and what a bus asks of a transport. */
export type { Headers, HeaderValue } from "../messages/header-value.ts";
export type { Capabilities } from "./capabilities.ts";
export type { ErrorContext, ErrorResult, ReceiveContext } from "./contexts.ts";
export type { DispatchOptions, MessageDispatcher } from "./message-dispatcher.ts";
export type { MessageReceiver, OnError, OnMessage, ReceiveLimits } from "./message-receiver.ts";
export type { MulticastOperation, Operations, UnicastOperation } from "./operations.ts";
export type { SubscribeFrom, SubscriptionManager } from "./subscription-manager.ts";
export type {
  CriticalError,
  HostSettings,
  ReceiveSettings,
  TransportDefinition,
  TransportInfrastructure,
} from "./transport-definition.ts";
export type { TransportMessage } from "../messages/transport-message.ts";
