import type {
  ComponentDeclaration,
  EventSourcedDeclaration,
  MessageDeclaration,
  MessageKind,
} from "../../workspace-model/declarations.ts";
import type { BodyType } from "../inference/body-type.ts";

/** What can be written for a message. */
export type NewHandlerKind =
  | "command-handler"
  | "event-subscription"
  | "reply-handler"
  | "receptor"
  | "aggregate"
  | "process-manager"
  | "gateway"
  | "view";

/** A message that is not declared yet. */
export interface NewMessage {
  readonly kind: MessageKind;
  readonly type: string;
  /** The component that owns a command. */
  readonly to?: string;
  /** What its body is, where that is known. */
  readonly body?: BodyType;
}

export type MessageChoice = { readonly declared: MessageDeclaration } | { readonly new: NewMessage };

export interface NewComponent {
  readonly name: string;
  /** The folder it is written in. */
  readonly directory: string;
  readonly language: "TypeScript" | "JavaScript";
}

/** What is to be written. */
export interface NewHandlerRequest {
  readonly kind: NewHandlerKind;
  readonly component: { readonly declared: ComponentDeclaration } | { readonly new: NewComponent };
  readonly message: MessageChoice;
  /** The category of an aggregate or process manager, or the name of a view. */
  readonly name?: string;
  /**
   * The aggregate or process manager that is there already and gets this: the one of a gateway, or one that decides on a further
   * message. Default: a new one.
   */
  readonly within?: EventSourcedDeclaration;
  /** What it sends: a command of a receptor or gateway, any message of a handler. */
  readonly sends?: MessageChoice;
}
