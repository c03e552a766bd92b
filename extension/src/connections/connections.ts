import type { Disposable, Event } from "vscode";
import type { EventReader, EventWriter } from "../event-store/event-store.ts";
import type { ServerReader, ServerWriter } from "../server/server.ts";
import type { Connection, ConnectionState } from "./connection.ts";

/** Something that is about to be written, in words for the question and the refusal. */
export interface WriteIntent {
  /** What is done, such as "Append one event to order-17". */
  readonly what: string;
  /** It changes more than it says at a glance, so that it is asked for whatever the policy says. */
  readonly question?: {
    /** What the button says, such as "Deploy". */
    readonly button: string;
    /** What will be done, a line each. */
    readonly lines: readonly string[];
  };
}

/** All connections there are, and the open ones among them. */
export interface Connections extends Disposable {
  readonly all: readonly Connection[];
  /** A connection was added, changed, removed, opened, closed or lost. The id, or undefined for several. */
  readonly onDidChange: Event<string | undefined>;
  /** The one that views show and commands act on unless told otherwise. */
  readonly current: Connection | undefined;
  find(id: string): Connection | undefined;
  stateOf(id: string): ConnectionState;
  /**
   * Opens it when it is first used; later calls get the same object until it is closed, or leads elsewhere, or is removed,
   * so that what was loaded can be told by it. It cannot write.
   */
  open(id: string): Promise<EventReader>;
  /**
   * The one place where policies are enforced: every command that writes calls it first, and writes through nothing else.
   * Asks the user where the policy says so. The same object each time, as {@link open}.
   * @throws ServerStoppedError as {@link open} does; WriteRefusedError where it is read-only; WriteCanceledError where the user says no.
   */
  openForWriting(id: string, intent: WriteIntent): Promise<EventWriter>;
  /** As {@link open}, what looks at components. @throws NotOfferedHereError in a browser */
  openServer(id: string): Promise<ServerReader>;
  /** As {@link openForWriting}, what changes components. */
  openServerForWriting(id: string, intent: WriteIntent): Promise<ServerWriter>;
}
