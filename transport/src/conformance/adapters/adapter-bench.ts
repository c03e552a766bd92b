import type { BenchAbility } from "../conformance-bench.ts";

/** What an application's handler can do because of a message of the suite. */
export interface AdapterHandling {
  /** Sends on behalf of the message, as a handler of the bus does, to the application of that name. */
  send(to: string, text: string): Promise<void>;
}

/** An application of the bus, as a case wants it. */
export interface AdapterApplication {
  /** Where it receives. Several of one name are instances of one application: each message goes to one of them. */
  readonly name: string;
  /** Messages handled at once by one instance. */
  readonly concurrency: number;
  /** Whether it handles what is published besides what is sent to it. */
  readonly subscribes: boolean;
  /** Its only handler. What it throws is a failure as any handler's; it is retried some times, without waiting, and then put aside. */
  readonly handle: (text: string, handling: AdapterHandling) => Promise<void>;
}

/** An application that runs. */
export interface RunningApplication {
  /** As on the end of its process by itself: what is being handled is handled to its end. */
  stop(): Promise<void>;
}

/** A message that was put aside. */
export interface PutAside {
  /** Undefined where it was no message of the bus. */
  readonly text: string | undefined;
  /** What is told of the failure. */
  readonly reason: string;
}

/** What somebody who writes an adapter gives, so that the suite can try it. What is optional lets more cases run. */
export interface AdapterBench {
  /** A valid name that nobody has used, on this server and in this run. */
  name(): string;
  /** Starts an instance, on a connection of its own; settles when it receives. */
  start(application: AdapterApplication): Promise<RunningApplication>;
  /** Sends from a process that only sends, to an application that may not run now, but has run once. */
  send(to: string, text: string): Promise<void>;
  /** What was put aside for an application, oldest first. */
  putAside(name: string): Promise<readonly PutAside[]>;
  /** Milliseconds after which what is awaited counts as not coming about. Default 30000. */
  readonly patience?: number;

  /** Publishes to all applications that subscribe, from a process that only sends. */
  publish?(text: string): Promise<void>;
  /** Has all that was put aside for an application handled again. */
  retry?(name: string): Promise<void>;
  /** Puts bytes into the queue of an application that are no message of the bus. */
  sendBytes?(to: string, body: Uint8Array): Promise<void>;
  /** Stops the server and starts it again with what it has stored. */
  restart?(): Promise<void>;
  /** Ends all applications as if their process was killed: they say and settle nothing. */
  crash?(): Promise<void>;
}

/** The optional abilities of a bench for adapters. */
export type AdapterAbility = "publish" | "retry" | "sendBytes" | Extract<BenchAbility, "restart" | "crash">;
