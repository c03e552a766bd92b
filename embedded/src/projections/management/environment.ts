import type { EventStore } from "../../streams/event-store.ts";
import type { CompileHandler } from "../handler.ts";
import type { Sources } from "../readers/source-reader-of.ts";
import type { Scheduler } from "../scheduler.ts";
import type { ProjectionSettings } from "../settings.ts";
import type { Registry } from "./registry.ts";

/** What all projections share. */
export interface ProjectionEnvironment {
  readonly store: EventStore;
  readonly registry: Registry;
  readonly sources: Sources;
  readonly scheduler: Scheduler;
  readonly settings: ProjectionSettings;
  readonly newId: () => string;
  /** The compiler for a stored handler type. */
  readonly compilerOf: (handlerType: string) => CompileHandler;
  /** Told of each fault: the only way to learn why a query that never compiled does not. */
  readonly onFault: (projection: string, reason: string) => void;
}
