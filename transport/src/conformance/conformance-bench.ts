import type { Capabilities, Headers, TransportDefinition } from "../seam/index.ts";

/** Time as the transport under test sees it. */
export interface ConformanceClock {
  now(): Date;
  /** Settles when so many milliseconds have passed. Called often with few, between two looks at what is awaited. */
  sleep(milliseconds: number): Promise<void>;
}

/** A message that was put aside. */
export interface ParkedMessage {
  readonly id: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** What somebody who writes a transport gives, so that the suite can try it. What is optional lets more cases run. */
export interface ConformanceBench {
  /** As the transport declares them: known before anything is started, since cases are registered then. */
  readonly capabilities: Capabilities;
  /** The transport on the same server each time, with the same options. */
  createTransport(): TransportDefinition | Promise<TransportDefinition>;
  /** A valid address that nobody has used, on this server and in this run. Types are made of it: `<address>.Placed`. */
  address(): string;
  /** Default: the machine's. A transport with a clock of its own gives it here, so that nobody has to wait. */
  readonly clock?: ConformanceClock;
  /** Milliseconds after which what is awaited counts as not coming about. Default 30000. */
  readonly patience?: number;

  /** Stops the server and starts it again with what it has stored. */
  restart?(): Promise<void>;
  /** Cuts all connections to the server at once; new ones are accepted. */
  cutConnection?(): Promise<void>;
  /** Ends all transports made so far as if their process was killed: they say and settle nothing. */
  crash?(): Promise<void>;
  /** Holds all transports made so far up for longer than the server waits for a handler, which is why their messages go to others. */
  freeze?(): Promise<void>;
  /** Removes what a message of the queue was, so that the queue leads to nothing. */
  loseMessage?(address: string, id: string): Promise<void>;
  /** What was put aside for the address, oldest first. */
  parked?(address: string): Promise<readonly ParkedMessage[]>;
  /** A size in bytes that the server refuses, of one body and of a batch. */
  readonly tooLarge?: number;
}

/** The optional abilities of a bench. */
export type BenchAbility = "restart" | "cutConnection" | "crash" | "freeze" | "loseMessage" | "parked" | "tooLarge";
