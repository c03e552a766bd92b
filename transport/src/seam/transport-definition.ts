import type { Capabilities } from "./capabilities.ts";
import type { MessageDispatcher } from "./message-dispatcher.ts";
import type { MessageReceiver } from "./message-receiver.ts";

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
  /** Stops the receivers that still run, waits for what is being sent, and disconnects. */
  shutdown(deadline: AbortSignal): Promise<void>;
}
