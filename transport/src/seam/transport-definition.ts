import type { Capabilities } from "./capabilities.ts";
import type { MessageDispatcher } from "./message-dispatcher.ts";
import type { MessageReceiver } from "./message-receiver.ts";
import type { TransportMessage } from "../messages/transport-message.ts";

/** What no retry mends and no policy has dealt with. */
export interface CriticalError {
  /** A sentence for a person. */
  readonly problem: string;
  /** What was thrown: anything. */
  readonly error: unknown;
  /** Of the message at which it happened, if it was at one. */
  readonly nativeId?: string;
}

/** Who uses the transport. */
export interface HostSettings {
  /** Where its messages come from; by the rules of component names. */
  readonly name: string;
  /** The host should let a person know, or end. */
  readonly onCriticalError: (critical: CriticalError) => void;
}

/** One address to receive from. None: the host only sends. */
export interface ReceiveSettings {
  readonly address: string;
  /** Creates on the server what is missing. Default true. */
  readonly createMissing?: boolean;
}

/** A transport: how messages get from one component to another. Made with its options, and initialized once for each host. */
export interface TransportDefinition {
  readonly capabilities: Capabilities;
  /** @throws ServerUnreachable, AccessRefused, BadConnectionString */
  initialize(host: HostSettings, receivers: readonly ReceiveSettings[]): Promise<TransportInfrastructure>;
}

/** A transport in use. */
export interface TransportInfrastructure {
  readonly dispatcher: MessageDispatcher;
  /** By address. */
  readonly receivers: ReadonlyMap<string, MessageReceiver>;
  /**
   * Hears what is sent to an address that nobody receives from, from when it settles until the infrastructure is shut down or the
   * signal aborted, as every other process does that listens there: for replies to what this very process waits for. Nothing is
   * settled or retried, and a process that is away does not hear. Undefined where the transport cannot do that.
   * @throws ServerUnreachable, AccessRefused, InvalidName
   */
  readonly listen?: (
    address: string,
    heard: (message: TransportMessage) => void,
    signal?: AbortSignal,
  ) => Promise<void>;
  /** Stops the receivers that still run, waits for what is being sent, and disconnects. */
  shutdown(deadline: AbortSignal): Promise<void>;
}
