export { cancelDeferred, command, defer, event, reply } from "./messages/definition.ts";
export type {
  CommandDefinition,
  EventDefinition,
  EventOptions,
  Message,
  MessageDefinition,
  MessageKind,
  ReplyDefinition,
} from "./messages/definition.ts";
export { deriveId } from "./messages/ids.ts";
export type { Headers, HeaderValue } from "./messages/header-value.ts";
export type { Deferral, Deferred, Expiry, Timing } from "./messages/timing.ts";
export type { Intent, MessageContext } from "./messages/message-context.ts";
export { HEADER } from "./messages/header-names.ts";
export { messageContextOf } from "./messages/headers.ts";
export { handlerScope, outgoingIds } from "./messages/ids.ts";
export type { StandardSchema } from "./messages/standard-schema.ts";

export { component } from "./declare/component.ts";
export type {
  Component,
  ComponentBuilder,
  ComponentOptions,
  HandlerOptions,
  PartitionKey,
} from "./declare/component.ts";
export { aggregate } from "./declare/aggregate.ts";
export type { SubscribeOptions } from "./declare/subscribe-options.ts";
export type { Aggregate, AggregateBuilder } from "./declare/aggregate.ts";
export type { EventSourcedOptions, Messages } from "./declare/event-sourced.ts";
export { processManager } from "./declare/process-manager.ts";
export type {
  ContinueOptions,
  ProcessManager,
  ProcessManagerBuilder,
  StartedByOptions,
  TimeoutOptions,
  WhenUnexpected,
} from "./declare/process-manager.ts";
export { view } from "./declare/view.ts";
export type { View, ViewBuilder, ViewHandle, ViewOptions } from "./declare/view.ts";
export type { CheckpointStore } from "./declare/checkpoint-store.ts";
export { fileCheckpoints, memoryCheckpoints } from "./views/checkpoint-stores.ts";
export type { CommandOptions, HandlerContext, SendOptions } from "./declare/context.ts";
export type { SendMode } from "./messages/send-mode.ts";

export { openParked } from "./endpoint/open-parked.ts";
export type { OpenedParkedMessages } from "./endpoint/open-parked.ts";
export type {
  ActionOptions,
  ActionProgress,
  ListOptions,
  ParkedGroup,
  ParkedMessage,
  ParkedMessages,
  ParkedPage,
  ParkedSelection,
} from "./recoverability/parked.ts";
export type { Edit } from "./recoverability/replay-copy.ts";
export { startEndpoint } from "./endpoint/start.ts";
export { deploy, history, plan, prune, repair, retire } from "./endpoint/deploy.ts";
export type { DeployComponentsOptions, DeployOptions, RetireOptions } from "./endpoint/deploy.ts";
export { shapeOf } from "./endpoint/shape-of.ts";
export { startSender } from "./endpoint/sender.ts";
export type { AccessOptions } from "./deploy/access-wanted.ts";
export type { Change, DeployStep } from "./deploy/change.ts";
export type { DeployReport } from "./deploy/deploy-component.ts";
export type { HistoryEntry } from "./deploy/history.ts";
export type { QueueUse } from "./deploy/requests.ts";
export type { ComponentPlan } from "./deploy/plan.ts";
export type { PlannedStep } from "./deploy/planned-step.ts";
export type { AccessPlan } from "./deploy/plan-access.ts";
export type { Problem } from "./deploy/problem.ts";
export type { Counts, Endpoint, EndpointOptions, MessageFormat, StopOptions } from "./endpoint/endpoint.ts";
export { eventStoreTransport } from "./eventstoredb/event-store-transport.ts";
export type { EventStoreInfrastructure, EventStoreTransport } from "./eventstoredb/event-store-transport.ts";
export type {
  ConnectionOptions,
  EventStoreReceiveContext,
  EventStoreReceiveSettings,
  EventStoreTransportOptions,
  QueueOptions,
} from "./eventstoredb/options.ts";
export type { TransportEvent } from "./eventstoredb/transport-event.ts";
export type { ObservedAttempt, ObservedMessage, ObservedSend, Interceptor } from "./eventstoredb/interceptor.ts";
export type { TransportInstrumentation } from "./eventstoredb/transport-instrumentation.ts";
export type { Instrumentation, WatchedEndpoint } from "./endpoint/instrumentation.ts";
export type { ComponentHealth, EndpointHealth, HealthOptions, HealthStatus } from "./endpoint/health.ts";
export type { QueueState } from "./deploy/queue-state.ts";
export { logRecordOf, problemOf } from "./endpoint/log-record.ts";
export type { LogLevel, LogRecord } from "./endpoint/log-record.ts";
export { logTo } from "./endpoint/log-to.ts";
export type { StructuredLogger } from "./endpoint/log-to.ts";
export type { EndpointEvent } from "./endpoint/endpoint-event.ts";
export type { Sender, SenderOptions } from "./endpoint/sender.ts";
export type {
  AskOptions,
  MessageSender,
  OutsideCommandOptions,
  OutsideSendOptions,
  SendCommand,
} from "./endpoint/message-sender.ts";

export { contextKey } from "./pipeline/context-items.ts";
export type { ContextItems, ContextKey } from "./pipeline/context-items.ts";
export type { IncomingContext, IncomingMiddleware } from "./pipeline/incoming.ts";
export type { OutgoingContext, OutgoingMiddleware } from "./pipeline/outgoing.ts";
export { cloudEvents } from "./pipeline/cloud-events.ts";
export type { CloudEventsOptions } from "./pipeline/cloud-events.ts";
export { jsonSerializer } from "./messages/json-serializer.ts";
export type { SerializedBody, SerializedMessage, Serializer } from "./messages/serializer.ts";
export type { Clock } from "./schedule/clock.ts";
export type { DeferredMessage } from "./messages/deferred-message.ts";
export type { FailedMessage, Recover } from "./declare/recover.ts";
export { retries } from "./recoverability/retries.ts";
export type { RetryOptions } from "./recoverability/policy.ts";
export type { ErrorResult } from "./seam/contexts.ts";

export { AccessRefused } from "./store/access-refused.ts";
export { BadConnectionString } from "./store/bad-connection-string.ts";
export { DuplicateDeclaration } from "./declare/duplicate-declaration.ts";
export { AttemptsNeverEnded } from "./receive/attempts-never-ended.ts";
export { HandlerEnded } from "./dispatch/handler-ended.ts";
export { FoldFailed } from "./event-sourced/fold-failed.ts";
export { InstanceCompleted } from "./event-sourced/instance-completed.ts";
export { InstanceNotFound } from "./event-sourced/instance-not-found.ts";
export { InvalidInitialState } from "./declare/invalid-initial-state.ts";
export { MissingEvolve } from "./declare/missing-evolve.ts";
export { HandlerTimedOut } from "./receive/handler-timed-out.ts";
export { InvalidBody } from "./messages/invalid-body.ts";
export { InvalidErrorResult } from "./recoverability/invalid-error-result.ts";
export { InvalidHeader } from "./messages/invalid-header.ts";
export { InvalidInstanceId } from "./event-sourced/invalid-instance-id.ts";
export { InvalidName } from "./topology/invalid-name.ts";
export { InvalidTiming } from "./messages/invalid-timing.ts";
export { MessageTooLarge } from "./messages/message-too-large.ts";
export { NoReplyAddress } from "./messages/no-reply-address.ts";
export { NotParked } from "./recoverability/not-parked.ts";
export { NotDeployed } from "./deploy/not-deployed.ts";
export { NotABase } from "./messages/not-a-base.ts";
export { NotRetirable } from "./deploy/not-retirable.ts";
export { OriginalRefused } from "./receive/original-refused.ts";
export { ProjectionRefused } from "./deploy/projection-refused.ts";
export { ProjectionsNotRunning } from "./deploy/projections-not-running.ts";
export { ReplyTimedOut } from "./endpoint/reply-timed-out.ts";
export { SchemaRefused } from "./messages/schema-refused.ts";
export { ServerUnreachable } from "./store/server-unreachable.ts";
export { TooManyConflicts } from "./event-sourced/too-many-conflicts.ts";
export { UnknownMessageType } from "./receive/unknown-message-type.ts";
export { UnreadableMessage } from "./receive/unreadable-message.ts";
export { UnexpectedReply } from "./endpoint/unexpected-reply.ts";
export { Unrecoverable } from "./recoverability/unrecoverable.ts";
export { ViewFailed } from "./views/view-failed.ts";
export { WrongOwner } from "./declare/wrong-owner.ts";
