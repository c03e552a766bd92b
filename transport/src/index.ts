export { command, event, reply } from "./messages/definition.ts";
export type {
  CommandDefinition,
  EventDefinition,
  Message,
  MessageDefinition,
  MessageKind,
  ReplyDefinition,
} from "./messages/definition.ts";
export type { Intent, MessageContext } from "./messages/message-context.ts";
export type { StandardSchema } from "./messages/standard-schema.ts";

export { component } from "./declare/component.ts";
export type {
  Component,
  ComponentBuilder,
  ComponentOptions,
  HandlerOptions,
  PartitionKey,
  SubscribeOptions,
} from "./declare/component.ts";
export { aggregate } from "./declare/aggregate.ts";
export type { Aggregate, AggregateBuilder, Messages } from "./declare/aggregate.ts";
export { processManager } from "./declare/process-manager.ts";
export type { ProcessManager, ProcessManagerBuilder } from "./declare/process-manager.ts";
export { view } from "./declare/view.ts";
export type { View, ViewBuilder, ViewHandle } from "./declare/view.ts";
export type { CommandOptions, HandlerContext, SendMode, SendOptions } from "./declare/context.ts";

export { deploy, startEndpoint } from "./endpoint/start.ts";
export { openSender } from "./endpoint/sender.ts";
export type { DeployReport, DeployStep } from "./subscriptions/deploy-component.ts";
export type { ConnectionOptions, Counts, Endpoint, EndpointOptions, StopOptions } from "./endpoint/endpoint.ts";
export type { EndpointEvent } from "./endpoint/endpoint-event.ts";
export type { OutsideSendOptions, Sender } from "./endpoint/sender.ts";

export { AccessRefused } from "./store/access-refused.ts";
export { BadConnectionString } from "./store/bad-connection-string.ts";
export { DuplicateDeclaration } from "./declare/duplicate-declaration.ts";
export { AttemptsNeverEnded } from "./receive/attempts-never-ended.ts";
export { HandlerEnded } from "./dispatch/handler-ended.ts";
export { HandlerTimedOut } from "./receive/handler-timed-out.ts";
export { InvalidBody } from "./messages/invalid-body.ts";
export { InvalidHeader } from "./messages/invalid-header.ts";
export { InvalidInstanceId } from "./dispatch/invalid-instance-id.ts";
export { InvalidName } from "./topology/invalid-name.ts";
export { MessageTooLarge } from "./messages/message-too-large.ts";
export { NoReplyAddress } from "./messages/no-reply-address.ts";
export { NotDeployed } from "./endpoint/not-deployed.ts";
export { ProjectionRefused } from "./subscriptions/projection-refused.ts";
export { ProjectionsNotRunning } from "./subscriptions/projections-not-running.ts";
export { SchemaRefused } from "./messages/schema-refused.ts";
export { ServerUnreachable } from "./store/server-unreachable.ts";
export { TooManyConflicts } from "./dispatch/too-many-conflicts.ts";
export { UnreadableMessage } from "./receive/unreadable-message.ts";
export { Unrecoverable } from "./recoverability/unrecoverable.ts";
export { ViewFailed } from "./endpoint/view-failed.ts";
export { WrongOwner } from "./declare/wrong-owner.ts";
