import type { ComponentShape, From } from "@sluice/transport/topology";
import type { SourcePlace } from "./source-file.ts";
import type { Unreadable } from "./unreadable.ts";

/** What the sources of a workspace declare, read without running them. Plain data. */
export interface WorkspaceModel {
  readonly messages: readonly MessageDeclaration[];
  readonly components: readonly ComponentDeclaration[];
  /** All aggregates and process managers, whoever owns them, or nobody. */
  readonly eventSourced: readonly EventSourcedDeclaration[];
  readonly views: readonly ViewDeclaration[];
  /** Every place where a message is sent, published, answered or made, as far as it can be seen. */
  readonly sends: readonly SendPlace[];
  /** Sources that cannot be parsed as they stand: what is told of them is the last that could be. */
  readonly unparsed: readonly UnparsedSource[];
}

export interface UnparsedSource {
  readonly place: SourcePlace;
  /** In the parser's words. */
  readonly message: string;
  /** Something older of it is in the model; its places are those of then. */
  readonly hasLastGood: boolean;
}

export type MessageKind = "command" | "event" | "reply";

/** A call such as `command("sales.PlaceOrder", { to: "sales" })<PlaceOrder>()`. */
export interface MessageDeclaration {
  readonly kind: MessageKind;
  readonly type: string;
  /** The component that owns a command. */
  readonly to?: string;
  readonly isBase: boolean;
  /** Types that it extends, with all that these extend. */
  readonly extends: readonly string[];
  /** The name it is declared by; empty where it has none, as in the middle of another call. */
  readonly identifier: string;
  /** The whole call. */
  readonly place: SourcePlace;
  /** What says its body, and where: the type parameter, or the expression of a schema. */
  readonly body?: { readonly kind: "type" | "schema"; readonly text: string; readonly place: SourcePlace };
  /** Such as a base that cannot be followed. */
  readonly unreadable: readonly Unreadable[];
}

/** The function that declares what a component (or aggregate, …) does: where further calls can be inserted. */
export interface Builder {
  /** Name of its parameter, such as `c`; undefined where it has none, or takes it apart. */
  readonly parameter?: string;
  /** With the braces where it is a block, the expression alone where it is not. */
  readonly body: SourcePlace;
  readonly isBlock: boolean;
  /** The calls on the builder, one after the other, as far as they stand in this body. */
  readonly calls: readonly SourcePlace[];
}

interface Declared {
  /** The name it is declared by; empty where it has none. */
  readonly identifier: string;
  /** The whole call. */
  readonly place: SourcePlace;
  /** Undefined where it is none, or it is not written in the sources. */
  readonly builder?: Builder;
  readonly handlers: readonly HandlerDeclaration[];
  /** What of it cannot be told, and why. */
  readonly unreadable: readonly Unreadable[];
}

export interface ComponentDeclaration extends Declared {
  /** Undefined where it cannot be read. */
  readonly name?: string;
  /** What it is to others, as the running declaration's own `shapeOf` tells it; undefined where any part of that cannot be read. */
  readonly shape?: ComponentShape;
}

/** What the parts of a declaration are to those who look at it. */
export type HandlerKind =
  // of a component
  | "command-handler"
  | "event-subscription"
  | "reply-handler"
  | "receptor"
  | "aggregate"
  | "process-manager"
  | "view"
  // of an aggregate or process manager
  | "decide"
  | "started-by"
  | "on"
  | "timeout"
  | "evolve"
  | "upcast"
  | "gateway"
  | "completed-by"
  // of a view
  | "fold"
  /** A `handle` whose message cannot be read. */
  | "unknown";

/** A call on a builder, such as `c.handle(PlaceOrder, …)`. */
export interface HandlerDeclaration {
  readonly kind: HandlerKind;
  /** What it takes; undefined where it takes none, or that cannot be read. */
  readonly message?: MessageDeclaration;
  /** The type of that message. */
  readonly messageType?: string;
  /** The aggregate, process manager or view that the component owns. */
  readonly owns?: EventSourcedDeclaration | ViewDeclaration;
  readonly from?: From;
  /** The whole call. */
  readonly place: SourcePlace;
  /** What it does with the message, be it written here or elsewhere. */
  readonly body?: SourcePlace;
  /** Whether it is there each time the program runs: neither under a condition nor in a loop. */
  readonly isCertain: boolean;
}

/** A call of `aggregate` or `processManager`. */
export interface EventSourcedDeclaration extends Declared {
  readonly kind: "aggregate" | "process-manager";
  readonly category?: string;
  readonly from?: From;
  /** Its own events, where it names them. */
  readonly events?: readonly MessageDeclaration[];
}

/** A call of `view`. */
export interface ViewDeclaration extends Declared {
  readonly kind: "view";
  readonly name?: string;
}

/** A place where a message comes into being. */
export interface SendPlace {
  readonly message: MessageDeclaration;
  /** How: by a call of `send`, `publish`, `reply` or `ask`; `made` where the definition itself is called, as pure functions do. */
  readonly how: "send" | "publish" | "reply" | "ask" | "made";
  readonly place: SourcePlace;
  /** The component within one of whose handlers it stands. */
  readonly component?: ComponentDeclaration;
  readonly handler?: HandlerDeclaration;
}
