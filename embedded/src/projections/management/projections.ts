import type { EventStore } from "../../streams/event-store.ts";
import type { CompileHandler } from "../handler.ts";
import { systemProjections } from "../native/system-projections.ts";
import { AllPages } from "../readers/all-pages.ts";
import { Heading } from "../readers/heading.ts";
import type { Sources } from "../readers/source-reader-of.ts";
import { Scheduler, systemTimers } from "../scheduler.ts";
import { DEFAULT_SETTINGS, type ProjectionSettings } from "../settings.ts";
import type { DeletionFlags, ProjectionDocument, ProjectionMode } from "./document.ts";
import {
  ProjectionExistsError,
  ProjectionNotFoundError,
  ProjectionOperationError,
  ProjectionsNotRunningError,
  TrackingWithoutEmittingError,
} from "./errors.ts";
import { ManagedProjection, type ProjectionStatistics } from "./managed-projection.ts";
import type { ProjectionEnvironment } from "./environment.ts";
import { Registry } from "./registry.ts";

export interface ProjectionsOptions {
  readonly store: EventStore;
  /** Compiles queries written in JavaScript. */
  readonly compile: CompileHandler;
  readonly newId: () => string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Told of each projection that faults, and of each query that does not compile. */
  readonly onFault?: (projection: string, reason: string) => void;
  readonly settings?: Partial<ProjectionSettings>;
  /** Whether the five of the system run in a new store. Default true. */
  readonly startStandardProjections?: boolean;
}

export interface NewProjection {
  readonly name: string;
  readonly mode: ProjectionMode;
  readonly query: string;
  readonly emitEnabled: boolean;
  readonly trackEmittedStreams: boolean;
}

/** Unasked for this long, a transient projection is forgotten (spec 3.3). */
const TRANSIENT_LIFE_MS = 5 * 60 * 1000;
const SCRIPT = "JS";

/**
 * All projections of a server.
 *
 * Commands and questions about a projection throw a {@link ProjectionNotFoundError} for a name that nobody has; commands that
 * it cannot carry out as it is throw a {@link ProjectionOperationError}.
 */
export class Projections {
  readonly #environment: ProjectionEnvironment;
  readonly #registry: Registry;
  readonly #startsStandard: boolean;
  #projections = new Map<string, ManagedProjection>();
  #transientTimers = new Map<string, NodeJS.Timeout>();
  #isRunning = false;

  constructor(options: ProjectionsOptions) {
    const { store, compile, newId, now, onFault = () => {} } = options;
    const pages = new AllPages(store);
    // What it has passed without writing may still be on its way to disk.
    const indexedTo = () => Math.min(this.#projections.get("$by_event_type")?.writtenTo ?? -1, store.end - 1);
    const sources: Sources = { store, pages, heading: new Heading(store), indexedTo, now };
    this.#registry = new Registry(store, newId);
    this.#startsStandard = options.startStandardProjections ?? true;
    this.#environment = {
      store,
      registry: this.#registry,
      sources,
      scheduler: new Scheduler({ timers: systemTimers, settled: () => store.settled() }),
      settings: { ...DEFAULT_SETTINGS, ...options.settings },
      newId,
      compilerOf: (handlerType) => compilerOf(handlerType, compile),
      onFault,
    };
  }

  /** Starts all that are enabled; in a new store the five of the system first. */
  async start(): Promise<void> {
    await this.#registry.initialize();
    for (const { name, id } of this.#registry.registered()) await this.#take(name, id);
    for (const { name } of systemProjections) {
      if (!this.#projections.has(name)) await this.#addSystem(name, await this.#registry.register(name));
    }
    const begun = new Map([...this.#projections.values()].map((one) => [one.name, this.#begin(one)]));
    this.#isRunning = true;
    // Who connects next may count on them. Others may take long, or never start (corrections 3.9).
    await Promise.all(systemProjections.map(({ name }) => begun.get(name)));
  }

  /** Ends all of them, each with a checkpoint of what it has done. */
  stop(): Promise<void> {
    return this.#close(true);
  }

  /** Ends all of them as they are, and starts anew from what is stored. */
  async restart(): Promise<void> {
    if (!this.#isRunning) throw new ProjectionsNotRunningError();
    await this.#close(false);
    this.#projections = new Map();
    await this.start();
  }

  /**
   * Settles when it runs, or has faulted: a query that does not compile is no error here.
   * Throws a {@link ProjectionExistsError} and a {@link TrackingWithoutEmittingError}.
   */
  async create(projection: NewProjection): Promise<void> {
    const { name, mode, query, emitEnabled, trackEmittedStreams } = projection;
    this.#checkRunning();
    if (name === "") throw new ProjectionOperationError(name, "A projection needs a name.");
    if (trackEmittedStreams && !emitEnabled) throw new TrackingWithoutEmittingError();
    if (this.#projections.has(name)) throw new ProjectionExistsError(name);
    const document: ProjectionDocument = {
      handlerType: SCRIPT,
      query,
      mode,
      enabled: true,
      emitEnabled,
      trackEmittedStreams,
      checkpointsDisabled: mode !== "Continuous",
      epoch: -1,
      version: mode === "Transient" ? 0 : this.#registry.nextVersion(name),
    };
    // The name is taken before anything is waited for.
    const id = mode === "Transient" ? Promise.resolve(-1) : this.#registry.register(name);
    const created = this.#add(name, id, document);
    try {
      await created.begin();
    } catch (error) {
      // One that another command has taken over is that command's.
      const isOwn = !(error instanceof ProjectionOperationError);
      if (isOwn && this.#projections.get(name) === created) this.#projections.delete(name);
      throw error;
    }
    if (mode === "Transient") this.#expectExpiry(name);
  }

  update(name: string, query: string, emitEnabled: boolean): Promise<void> {
    return this.#get(name).update(query, emitEnabled);
  }

  enable(name: string): Promise<void> {
    return this.#get(name).enable();
  }

  /** With a checkpoint it stops in order; without one it is aborted. */
  disable(name: string, withCheckpoint: boolean): Promise<void> {
    const projection = this.#get(name);
    return withCheckpoint ? projection.disable() : projection.abort();
  }

  reset(name: string): Promise<void> {
    return this.#get(name).reset();
  }

  async delete(name: string, flags: DeletionFlags): Promise<void> {
    const projection = this.#get(name);
    await projection.delete(flags);
    if (this.#projections.get(name) === projection) this.#projections.delete(name);
    clearTimeout(this.#transientTimers.get(name));
    this.#transientTimers.delete(name);
  }

  /** Projections go ahead of the disk; what is told of them does not: see `AcceptedStreams.onceOnDisk`. */
  onceOnDisk<Seen>(look: () => Seen): Promise<Seen> {
    return this.#environment.store.accepted.onceOnDisk(look);
  }

  /** Throws a `ProjectionNeverRanError`. */
  statistics(name: string): ProjectionStatistics {
    return this.#get(name).statistics;
  }

  /** Of all projections, or all of a mode. Throws a `ProjectionNeverRanError`, as the server does, if one of them never ran. */
  list(mode?: ProjectionMode): readonly ProjectionStatistics[] {
    this.#checkRunning();
    const wanted = [...this.#projections.values()].filter((one) => mode === undefined || one.mode === mode);
    return wanted.map((projection) => projection.statistics);
  }

  /** Of all projections there are, whether or not they run or ever ran: for those who operate the server. */
  figures(): readonly ProjectionStatistics[] {
    return [...this.#projections.values()].map((projection) => projection.figures);
  }

  /** JSON text; null where there is none; undefined where the real server never answers. */
  state(name: string, partition: string): string | null | undefined {
    return this.#get(name).state(partition);
  }

  /** Like {@link state}. */
  result(name: string, partition: string): string | null | undefined {
    return this.#get(name).result(partition);
  }

  async #take(name: string, id: number): Promise<void> {
    const document = this.#registry.document(name);
    const isSystem = systemProjections.some((one) => one.name === name);
    if (document === undefined || document.deletion !== undefined) {
      // A crash came between the two parts of a creation or a deletion.
      if (isSystem) await this.#addSystem(name, id);
      else await this.#registry.unregister(name);
      return;
    }
    this.#addStored(name, id, document);
  }

  /** They are registered as disabled, then enabled unless they are not to run: so they begin with version 1 (spec 3.12). */
  async #addSystem(name: string, id: number): Promise<void> {
    const system = systemProjections.find((one) => one.name === name);
    if (system === undefined) throw new Error(`There is no system projection ${name}.`);
    const disabled: ProjectionDocument = {
      handlerType: system.handlerType,
      query: system.query,
      mode: "Continuous",
      enabled: false,
      emitEnabled: true,
      trackEmittedStreams: false,
      checkpointsDisabled: false,
      epoch: -1,
      version: this.#registry.nextVersion(name),
    };
    await this.#registry.write(name, disabled);
    if (this.#startsStandard) this.#add(name, id, { ...disabled, enabled: true, version: disabled.version + 1 });
    else this.#addStored(name, id, disabled);
  }

  #addStored(name: string, id: number, document: ProjectionDocument): void {
    this.#put(name, id, document, true);
  }

  #add(name: string, id: number | Promise<number>, document: ProjectionDocument): ManagedProjection {
    return this.#put(name, id, document, false);
  }

  #put(name: string, id: number | Promise<number>, document: ProjectionDocument, isStored: boolean): ManagedProjection {
    const isSystem = systemProjections.some((one) => one.name === name);
    const projection = new ManagedProjection(this.#environment, { name, id, document, isStored, isSystem });
    this.#projections.set(name, projection);
    return projection;
  }

  /** What goes wrong with those that start with the server is told by their status. */
  #begin(projection: ManagedProjection): Promise<void> {
    return projection.begin().catch((error: unknown) => {
      this.#environment.onFault(projection.name, error instanceof Error ? error.message : String(error));
    });
  }

  async #close(withCheckpoints: boolean): Promise<void> {
    this.#isRunning = false;
    for (const timer of this.#transientTimers.values()) clearTimeout(timer);
    this.#transientTimers = new Map();
    await Promise.all([...this.#projections.values()].map((projection) => projection.close(withCheckpoints)));
  }

  #expectExpiry(name: string): void {
    const timer = setTimeout(() => {
      const projection = this.#projections.get(name);
      this.#projections.delete(name);
      this.#transientTimers.delete(name);
      void projection?.close(false);
    }, TRANSIENT_LIFE_MS);
    timer.unref();
    clearTimeout(this.#transientTimers.get(name));
    this.#transientTimers.set(name, timer);
  }

  #get(name: string): ManagedProjection {
    this.#checkRunning();
    const projection = this.#projections.get(name);
    if (projection === undefined) throw new ProjectionNotFoundError(name);
    if (projection.mode === "Transient") this.#expectExpiry(name);
    return projection;
  }

  #checkRunning(): void {
    if (!this.#isRunning) throw new ProjectionsNotRunningError();
  }
}

/** Starts the projections of a store. */
export async function startProjections(options: ProjectionsOptions): Promise<Projections> {
  const projections = new Projections(options);
  await projections.start();
  return projections;
}

function compilerOf(handlerType: string, compile: CompileHandler): CompileHandler {
  if (handlerType === SCRIPT) return compile;
  const system = systemProjections.find((one) => one.handlerType === handlerType);
  if (system === undefined) throw new Error(`There is no handler of type ${handlerType}.`);
  return async (query) => system.compile(query);
}
