import type { ProjectionFault, ProjectionHandler } from "./handler.ts";
import type { Sources } from "./readers/source-reader-of.ts";
import type { Scheduler } from "./scheduler.ts";
import type { ProjectionSettings } from "./settings.ts";
import type { ProjectionVersion } from "./version.ts";

export interface RunOptions {
  readonly name: string;
  readonly version: ProjectionVersion;
  readonly handler: ProjectionHandler;
  readonly emitEnabled: boolean;
  readonly trackEmittedStreams: boolean;
  /** Goes on for ever and keeps checkpoints; otherwise it ends where its sources do. */
  readonly isContinuous: boolean;
  readonly settings: ProjectionSettings;
  readonly sources: Sources;
  readonly scheduler: Scheduler;
  readonly newId: () => string;
}

/** How a run came to its end. */
export type RunEnd =
  | { readonly kind: "stopped" }
  | { readonly kind: "completed" }
  /** Somebody else wrote to its output: it has to begin again from its last checkpoint. */
  | { readonly kind: "conflict" }
  /** The disk has refused what it had handled ahead of it: it has to begin again from its last checkpoint. */
  | { readonly kind: "taken-back" }
  | { readonly kind: "faulted"; readonly fault: ProjectionFault };
