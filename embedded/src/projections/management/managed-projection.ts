import { trackedStreams } from "../emitted/tracked-streams.ts";
import { asFault } from "../fault-text.ts";
import type { ProjectionFault, ProjectionHandler } from "../handler.ts";
import { Instance } from "../instance.ts";
import { type InstanceStatistics, UNREPORTED } from "../statistics.ts";
import { streamNames } from "../stream-names.ts";
import { CommandQueue, type Turn } from "./command-queue.ts";
import type { DeletionFlags, ProjectionDocument } from "./document.ts";
import type { ProjectionEnvironment } from "./environment.ts";
import { ProjectionNeverRanError, ProjectionOperationError } from "./errors.ts";
import { COMPLETED_POSITION, type ManagedState, statusText } from "./status-text.ts";

export interface ManagedProjectionOptions {
  readonly name: string;
  /** May still be on its way to disk. */
  readonly id: number | Promise<number>;
  readonly document: ProjectionDocument;
  /** The document is what is stored; otherwise it is still to be. */
  readonly isStored: boolean;
  /** One of the five that every server has. */
  readonly isSystem: boolean;
}

/** A projection's status with all its numbers. */
export interface ProjectionStatistics extends InstanceStatistics {
  readonly name: string;
  readonly mode: ProjectionDocument["mode"];
  readonly status: string;
  /** Why it has faulted; empty while it has not. */
  readonly stateReason: string;
}

/** One projection: carries out the commands on it, one at a time, and stores what they change (spec 3.11). */
export class ManagedProjection {
  readonly name: string;
  readonly #id: number | Promise<number>;
  readonly #isSystem: boolean;
  readonly #environment: ProjectionEnvironment;
  readonly #commands: CommandQueue;
  #document: ProjectionDocument;
  /** Version of the document that is stored; commands that come before it is stored share the next one. */
  #storedVersion: number;
  #state: ManagedState = "Creating";
  #reason = "";
  #instance: Instance | undefined;
  /** The present query does not compile. */
  #isBroken = false;

  constructor(environment: ProjectionEnvironment, options: ManagedProjectionOptions) {
    this.name = options.name;
    this.#id = options.id;
    this.#isSystem = options.isSystem;
    this.#document = options.document;
    this.#storedVersion = options.isStored ? options.document.version : options.document.version - 1;
    this.#environment = environment;
    this.#commands = new CommandQueue(() => this.#refusal("Aborted by subsequent operation"));
  }

  get mode(): ProjectionDocument["mode"] {
    return this.#document.mode;
  }

  /** See `Run.writtenTo`. */
  get writtenTo(): number {
    return this.#instance?.writtenTo ?? -1;
  }

  /** What a client is told. Throws a {@link ProjectionNeverRanError}. */
  get statistics(): ProjectionStatistics {
    if (this.#instance === undefined && this.#isBroken) throw new ProjectionNeverRanError(this.name, this.#reason);
    return this.figures;
  }

  /** What those who operate the server are told, also of one that never ran. */
  get figures(): ProjectionStatistics {
    const statistics = this.#instance?.statistics ?? UNREPORTED;
    const ended = { position: COMPLETED_POSITION, lastCheckpoint: COMPLETED_POSITION };
    return {
      ...statistics,
      ...(this.#state === "Completed" && ended),
      name: this.name,
      mode: this.#document.mode,
      status: statusText(this.#state, statistics.state, this.#document.enabled),
      stateReason: this.#state === "Faulted" ? this.#reason : "",
    };
  }

  /** JSON text; null where there is none; undefined where the real server never answers. */
  state(partition: string): string | null | undefined {
    return this.#answers() ? (this.#instance?.textsOf(partition).state ?? null) : undefined;
  }

  /** Like {@link state}. */
  result(partition: string): string | null | undefined {
    return this.#answers() ? (this.#instance?.textsOf(partition).result ?? null) : undefined;
  }

  /** Starts what was stored earlier, or stores and starts what is new. Settles when it runs or has faulted. */
  begin(): Promise<void> {
    return this.#commands.run((turn) => this.#renew(turn));
  }

  update(query: string, emitEnabled: boolean): Promise<void> {
    return this.#commands.run(async (turn) => {
      // What has come to its end begins anew.
      const isReset = this.#state === "Completed";
      this.#change({ query, emitEnabled });
      if (isReset) this.#change({ epoch: this.#document.version });
      await this.#stopInstance(turn);
      await this.#renew(turn);
    });
  }

  enable(): Promise<void> {
    return this.#commands.run(async (turn) => {
      if (this.#document.enabled && isAtWork(this.#state)) return;
      this.#change({ enabled: true });
      await this.#renew(turn);
    });
  }

  /** Stops it with a checkpoint. */
  disable(): Promise<void> {
    return this.#commands.run(async (turn) => {
      this.#change({ enabled: false });
      await this.#stopInstance(turn);
      await this.#store(turn);
      // A query that does not compile stays a fault, whether it is wanted or not.
      if (!this.#isBroken) this.#state = "Stopped";
    });
  }

  /** Stops it without a checkpoint, whatever else is under way. */
  abort(): Promise<void> {
    return this.#commands.runUrgently(async (turn) => {
      this.#change({ enabled: false });
      const wasEnded = this.#state === "Stopped" || this.#state === "Faulted" || this.#state === "Completed";
      if (!wasEnded) {
        this.#state = "Aborting";
        await this.#instance?.abort();
        turn.check();
      }
      await this.#store(turn);
      if (!wasEnded) this.#state = "Aborted";
      else if (!this.#isBroken) this.#state = "Stopped";
    });
  }

  /** Forgets all that it did: everything is handled again. */
  reset(): Promise<void> {
    return this.#commands.run(async (turn) => {
      this.#change({});
      this.#change({ epoch: this.#document.version });
      await this.#stopInstance(turn);
      await this.#renew(turn);
    });
  }

  /** Deletes it, and what is to go with it. Only one that is stopped, has faulted or has come to its end can be deleted. */
  delete(flags: DeletionFlags): Promise<void> {
    return this.#commands.run(async (turn) => {
      if (this.#isSystem) throw this.#refusal("We currently don't allow for the deletion of System Projections.");
      if (this.#state !== "Stopped" && this.#state !== "Faulted" && this.#state !== "Completed") {
        throw this.#refusal("Cannot delete a projection that hasn't been stopped or faulted.");
      }
      this.#state = "Deleting";
      const { store, registry } = this.#environment;
      const names = streamNames(this.name);
      if (flags.checkpointStream) await store.delete(names.checkpoint, "any");
      if (flags.emittedStreams && this.#document.emitEnabled && this.#document.trackEmittedStreams) {
        for (const stream of [...trackedStreams(store, names.emittedStreams)]) await store.delete(stream, "any");
        await store.delete(names.emittedStreams, "any");
      }
      this.#change({ deletion: flags });
      await this.#store(turn);
      // A transient one is registered nowhere.
      if (this.#document.mode !== "Transient") await registry.unregister(this.name);
    });
  }

  /** Ends it as it is, with a checkpoint unless something is stuck; nothing stored changes. */
  close(withCheckpoint: boolean): Promise<void> {
    return this.#commands.runUrgently(async () => {
      const instance = this.#instance;
      if (instance === undefined) return;
      if (withCheckpoint && isAtWork(this.#state)) await Promise.race([instance.stop(), instance.stalled()]);
      await instance.abort();
    });
  }

  /** A change is a new version, unless the one before is not stored yet. */
  #change(change: Partial<ProjectionDocument>): void {
    const { version } = this.#document;
    this.#document = {
      ...this.#document,
      ...change,
      version: version === this.#storedVersion ? version + 1 : version,
    };
  }

  async #store(turn: Turn): Promise<void> {
    const document = this.#document;
    if (document.version === this.#storedVersion) return;
    if (document.mode !== "Transient") await this.#environment.registry.write(this.name, document);
    this.#storedVersion = document.version;
    turn.check();
  }

  async #stopInstance(turn: Turn): Promise<void> {
    const instance = this.#instance;
    if (instance === undefined || !isAtWork(this.#state)) return;
    this.#state = "Stopping";
    void instance.stalled().then(() => turn.letOthersPass());
    await instance.stop();
    turn.check();
  }

  /** Compiles the query as it is now, stores the document, and starts it or gets ready to be asked. */
  async #renew(turn: Turn): Promise<void> {
    this.#state = "Preparing";
    const { compilerOf, store, sources, scheduler, settings, newId } = this.#environment;
    const { handlerType, query, mode } = this.#document;
    const id = await this.#id;
    let handler: ProjectionHandler;
    try {
      handler = await compilerOf(handlerType)(query);
    } catch (error) {
      await this.#store(turn);
      this.#isBroken = true;
      this.#fault(asFault(error));
      return;
    }
    this.#isBroken = false;
    this.#document = { ...this.#document, definition: handler.definition };
    try {
      turn.check();
      await this.#store(turn);
    } catch (error) {
      handler.dispose();
      throw error;
    }
    const { epoch, version, emitEnabled, trackEmittedStreams, checkpointsDisabled, enabled } = this.#document;
    const instance = new Instance({
      name: this.name,
      version: { id, epoch, version },
      handler,
      emitEnabled,
      trackEmittedStreams,
      isContinuous: mode === "Continuous" && !checkpointsDisabled,
      settings,
      sources: { ...sources, store },
      scheduler,
      newId,
      onFault: (fault) => {
        if (this.#instance === instance) this.#fault(fault);
      },
      onCompleted: () => {
        if (this.#instance === instance) this.#state = "Completed";
      },
    });
    this.#instance = instance;
    if (!enabled) {
      this.#state = "LoadingStopped";
      instance.loadStopped();
      if (!this.#hasFaulted()) this.#state = "Stopped";
      return;
    }
    this.#state = "Starting";
    const started = instance.start();
    void instance.stalled().then(() => turn.letOthersPass());
    await started;
    turn.check();
    if (this.#state === "Starting") this.#state = "Running";
  }

  #hasFaulted(): boolean {
    return this.#state === "Faulted";
  }

  #fault(fault: ProjectionFault): void {
    this.#state = "Faulted";
    this.#reason = fault.message;
    this.#environment.onFault(this.name, fault.message);
  }

  #answers(): boolean {
    return !this.#isBroken && (this.#instance?.answersState ?? true);
  }

  #refusal(reason: string): ProjectionOperationError {
    return new ProjectionOperationError(this.name, reason);
  }
}

/** States in which an instance has to be stopped before anything else can be done. */
function isAtWork(state: ManagedState): boolean {
  return state === "Running" || state === "Starting" || state === "Stopping" || state === "Aborting";
}
