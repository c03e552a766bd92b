import type { MessageContext } from "../messages/message-context.ts";
import type { ErrorResult } from "../seam/contexts.ts";
import type { Metadata, StoredEvent } from "../store/event.ts";
import type { Environment } from "../store/environment.ts";
import type { Attempt, FailedAttempt } from "./attempt.ts";
import type { Report } from "./report.ts";
import type { Solitude } from "./solitude.ts";

/** Time, chance and the date. */
export interface ReceiverEnvironment extends Environment {
  date(): Date;
}

/** What is known of messages that were handled, here and by other instances. */
export interface HandledMessages {
  has(id: string): boolean;
  /** It was handled here, and all that it sent is stored. */
  add(id: string): void;
  /**
   * The message is about to be handled. Undefined: no other instance can have a copy of it; otherwise settles with whether it may be
   * handled here, or another instance was first. @throws ServerUnreachable
   */
  begin(id: string, linkId: string): Promise<boolean> | undefined;
  /** Settles when the copy that another instance has begun is handled, or is not going to be; or the signal is aborted. */
  settled(id: string, signal: AbortSignal): Promise<void>;
  /** Another instance had the message in hand by this very link, and has not told what has become of it: the server has taken it from that one. */
  isTakenOver(id: string, linkId: string): boolean;
  /** The handling of a message that was begun has ended, in whatever way. */
  end(id: string): void;
  /** The same, and settles when the others know it, or cannot be told. */
  letGo(id: string): Promise<void>;
  /**
   * Finds out what others have handled, this process before its start among them.
   * @param since what was stored before does not matter; undefined: not known.
   * @throws ServerUnreachable
   */
  refresh(since: Date | undefined): Promise<void>;
}

/** Attempts to handle a message that have begun and never ended, each with its process. */
export interface UnendedAttempts {
  readonly all: number;
  /** Those with nothing beside them: the message has ended these processes. */
  readonly alone: number;
}

/** Attempts to handle messages that were handed out before, written down before they begin. All throw ServerUnreachable. */
export interface AttemptLog {
  unended(id: string): Promise<UnendedAttempts>;
  begin(id: string, isAlone: boolean): Promise<void>;
  end(id: string): Promise<void>;
}

/** A message as it was received: the event that it is, and what its metadata say, also for those who handle it. */
export interface Received {
  readonly event: StoredEvent;
  readonly metadata: Metadata;
  readonly context: MessageContext;
}

/** What a receiver needs to know of its component. */
export interface ReceiverOptions {
  readonly component: string;
  /** Messages handled at once at first. */
  readonly concurrency: number;
  readonly messageTimeout: number;
  /** Milliseconds that a handler may take, at first; undefined: as long as the message is this instance's. */
  readonly handlerTimeout?: number | undefined;
  readonly maxDeliveries: number;
  /** Handles a message and stores all that it sends. Settles only then. */
  readonly handle: (message: Received, attempt: Attempt) => Promise<void>;
  /** Decides what becomes of a message whose handling failed. What it throws is a critical error, and the message comes again. */
  readonly onError: (failure: FailedAttempt) => Promise<ErrorResult> | ErrorResult;
  /** Messages with the same key are handled one after the other. */
  readonly laneOf?: ((message: Received) => string | undefined) | undefined;
  readonly handled: HandledMessages;
  /** Whether those who handle the message recognize its repeats by themselves, so that it need not be told to others before it is begun. */
  readonly recognizesRepeats?: ((context: MessageContext) => boolean) | undefined;
  readonly attempts: AttemptLog;
  /** Whether there is a message at a place, `<revision>@<stream>`, and this login may not read it. @throws ServerUnreachable */
  readonly isRefused: (place: string) => Promise<boolean>;
  /** Stores the message so that it comes again after so many milliseconds; then it is acknowledged. @throws ServerUnreachable */
  readonly delay: (failure: FailedAttempt, milliseconds: number) => Promise<void>;
  readonly solitude: Solitude;
  readonly report: (report: Report) => void;
  /** Told how many messages are to be handed out at once from now on; 0 when it stops. */
  readonly want: (slots: number) => void;
}
