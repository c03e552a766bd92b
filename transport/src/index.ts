export { command, event, reply } from "./messages/definition.ts";
export type {
  CommandDefinition,
  EventDefinition,
  Message,
  MessageDefinition,
  MessageKind,
  ReplyDefinition,
} from "./messages/definition.ts";
export type { Intent, MessageFacts } from "./messages/facts.ts";
export type { StandardSchema } from "./messages/standard-schema.ts";

export { component } from "./declare/component.ts";
export type { Component, ComponentBuilder, ComponentOptions, SubscribeOptions } from "./declare/component.ts";
export { aggregate } from "./declare/aggregate.ts";
export type { Aggregate, AggregateBuilder, Messages } from "./declare/aggregate.ts";
export { processManager } from "./declare/process-manager.ts";
export type { ProcessManager, ProcessManagerBuilder } from "./declare/process-manager.ts";
export { view } from "./declare/view.ts";
export type { View, ViewBuilder, ViewHandle } from "./declare/view.ts";
export type { CommandOptions, HandlerContext, SendMode, SendOptions } from "./declare/context.ts";

export { deploy, openSender, startEndpoint } from "./endpoint/start.ts";
export type { DeployReport, DeployStep } from "./endpoint/start.ts";
export type { ConnectionOptions, Counts, Endpoint, EndpointOptions, StopOptions } from "./endpoint/endpoint.ts";
export type { Observation } from "./endpoint/observation.ts";
export type { OutsideSendOptions, Sender } from "./endpoint/sender.ts";

export { DuplicateDeclaration } from "./declare/duplicate-declaration.ts";
export { InvalidName } from "./topology/invalid-name.ts";
export { Unrecoverable } from "./endpoint/unrecoverable.ts";
export { WrongOwner } from "./declare/wrong-owner.ts";
