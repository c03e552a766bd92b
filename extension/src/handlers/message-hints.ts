import type {
  ComponentDeclaration,
  HandlerDeclaration,
  MessageDeclaration,
  WorkspaceModel,
} from "../workspace-model/declarations.ts";
import { handlersOf, takingHandlers } from "./handler-choices.ts";

/** What the sources of a workspace leave open: no mistake, since others may do it, but worth a hint. */
export type MessageHint =
  | { readonly kind: "not-handled"; readonly message: MessageDeclaration }
  | {
      readonly kind: "not-sent";
      readonly message: MessageDeclaration;
      readonly handler: HandlerDeclaration;
      readonly component: ComponentDeclaration;
    };

/** Messages that nothing in the workspace handles, and handlers of messages that nothing in it sends. */
export function messageHints(model: WorkspaceModel): readonly MessageHint[] {
  return [...notHandled(model), ...notSent(model)];
}

function* notHandled(model: WorkspaceModel): Generator<MessageHint> {
  // What cannot be read may be what handles it.
  if (!model.components.every(isWhole)) return;
  const used = new Set(
    [...model.eventSourced, ...model.views].flatMap(({ handlers }) => handlers.map(({ messageType }) => messageType)),
  );
  for (const message of model.messages) {
    // A reply is taken by whoever asks, and a namespace is no message.
    if (message.kind === "reply" || message.type.endsWith(".*") || used.has(message.type)) continue;
    if (handlersOf(message, model).length === 0) yield { kind: "not-handled", message };
  }
}

function* notSent(model: WorkspaceModel): Generator<MessageHint> {
  const sent = new Set(model.sends.flatMap(({ message }) => [message.type, ...message.extends]));
  for (const component of model.components) {
    for (const handler of takingHandlers(component)) {
      const { message } = handler;
      if (message === undefined || message.type.endsWith(".*") || sent.has(message.type)) continue;
      yield { kind: "not-sent", message, handler, component };
    }
  }
}

const isWhole = ({ unreadable, handlers }: ComponentDeclaration): boolean =>
  unreadable.length === 0 && handlers.every(({ kind }) => kind !== "unknown");
