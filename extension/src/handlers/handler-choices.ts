import type {
  ComponentDeclaration,
  EventSourcedDeclaration,
  HandlerDeclaration,
  MessageDeclaration,
  MessageKind,
  WorkspaceModel,
} from "../workspace-model/declarations.ts";
import type { NewHandlerKind } from "./generate/request.ts";

/** Which kinds of messages a kind of handler takes, the likeliest first. */
export const TAKES: Readonly<Record<NewHandlerKind, readonly MessageKind[]>> = {
  "command-handler": ["command"],
  "event-subscription": ["event"],
  "reply-handler": ["reply"],
  receptor: ["event"],
  aggregate: ["command", "event", "reply"],
  "process-manager": ["event", "command", "reply"],
  gateway: ["event"],
  view: ["event"],
};

/** Which kinds of messages it can send; none where what it sends is its own event. */
export const SENDS: Readonly<Record<NewHandlerKind, readonly MessageKind[]>> = {
  "command-handler": ["event", "command", "reply"],
  "event-subscription": ["command", "event"],
  "reply-handler": ["command", "event"],
  receptor: ["command"],
  aggregate: [],
  "process-manager": [],
  gateway: ["command"],
  view: [],
};

export const isEventSourced = (kind: NewHandlerKind | undefined): kind is "aggregate" | "process-manager" =>
  kind === "aggregate" || kind === "process-manager";

/** What a component owns, as far as it can be read, that a handler of this kind can be written into. */
export function ownedFor(
  kind: NewHandlerKind | undefined,
  component: ComponentDeclaration | undefined,
): readonly EventSourcedDeclaration[] {
  const wanted = kind === "gateway" ? "process-manager" : kind;
  const owned = (component?.handlers ?? []).flatMap(({ owns }) =>
    owns === undefined || owns.kind === "view" ? [] : [owns],
  );
  return owned.filter(({ kind }) => kind === wanted);
}

/** The kinds of handlers that a component can have, which take a message of this kind, and send one of that. */
export function kindsFor(
  component: ComponentDeclaration | undefined,
  message?: MessageKind,
  sends?: MessageKind,
): readonly NewHandlerKind[] {
  const kinds = Object.keys(TAKES) as NewHandlerKind[];
  return kinds.filter(
    (kind) =>
      (message === undefined || TAKES[kind].includes(message)) &&
      (sends === undefined || SENDS[kind].includes(sends)) &&
      (kind !== "gateway" || ownedFor(kind, component).length > 0),
  );
}

/** A declared message, and what handles it already. */
export interface MessageOption {
  readonly message: MessageDeclaration;
  /** Names of the components, each once. */
  readonly handledBy: readonly string[];
}

/** The declared messages that a handler of this kind can take, those that nothing handles first. */
export function messagesFor(
  kind: NewHandlerKind,
  component: string | undefined,
  within: EventSourcedDeclaration | undefined,
  model: WorkspaceModel,
): readonly MessageOption[] {
  const own = kind === "gateway" ? new Set(ownEvents(within)) : undefined;
  // It decides on each message once.
  const taken = new Set(kind === "gateway" ? [] : within?.handlers.map(({ messageType }) => messageType));
  return model.messages
    .filter(
      ({ kind: of, to, type, identifier }) =>
        identifier !== "" &&
        // A namespace is handled and never sent, so that there is nothing to test it with.
        !type.endsWith(".*") &&
        TAKES[kind].includes(of) &&
        (of !== "command" || to === component) &&
        (own === undefined || own.has(type)) &&
        !taken.has(type),
    )
    .map((message) => ({ message, handledBy: handlersOf(message, model) }))
    .toSorted(
      (one, other) => Math.sign(one.handledBy.length) - Math.sign(other.handledBy.length) || inOrder(one, other),
    );
}

const inOrder = (one: MessageOption, other: MessageOption): number => (one.message.type < other.message.type ? -1 : 1);

/** Types of the events that a process manager records. */
function ownEvents(within: EventSourcedDeclaration | undefined): readonly string[] {
  const { events = [], handlers = [] } = within ?? {};
  return [
    ...events.map(({ type }) => type),
    ...handlers.flatMap(({ kind, messageType }) =>
      kind === "evolve" && messageType !== undefined ? [messageType] : [],
    ),
  ];
}

const TAKING: ReadonlySet<HandlerDeclaration["kind"]> = new Set([
  "command-handler",
  "event-subscription",
  "reply-handler",
  "receptor",
  "decide",
  "started-by",
  "on",
  "timeout",
  "fold",
]);

/** The handlers of a component that take messages from others, those of what it owns among them. */
export function* takingHandlers(component: ComponentDeclaration): Generator<HandlerDeclaration> {
  for (const handler of component.handlers) {
    if (TAKING.has(handler.kind)) yield handler;
    for (const inner of handler.owns?.handlers ?? []) if (TAKING.has(inner.kind)) yield inner;
  }
}

/** Whether a handler gets messages of this type: by itself, by a type it extends, or by its namespace. */
export const takes = ({ messageType }: HandlerDeclaration, { type, extends: bases }: MessageDeclaration): boolean =>
  messageType !== undefined &&
  (messageType === type ||
    bases.includes(messageType) ||
    (messageType.endsWith(".*") && type.startsWith(messageType.slice(0, -1))));

/** Names of the components that handle a message. */
export function handlersOf(message: MessageDeclaration, { components }: WorkspaceModel): readonly string[] {
  const names = components.flatMap((component) =>
    [...takingHandlers(component)].some((handler) => takes(handler, message))
      ? [component.name ?? component.identifier]
      : [],
  );
  return [...new Set(names)].toSorted();
}
