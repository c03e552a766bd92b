import { setTimeout as sleep } from "node:timers/promises";
import { projectionsService } from "../../grpc/wire/projections.ts";
import type { Method } from "../../grpc/wire/service.ts";
import type { Connection } from "../../client/connection.ts";
import { definitionsOn, registeredOn } from "./definitions.ts";
import { withPositions } from "./query-positions.ts";
import { ForeignTargetError, ImportFailedError } from "./transfer-errors.ts";
import type { FileHeader, MovedProjection } from "./transfer-file.ts";

const LOOK_MS = 50;
const { create, disable, enable, update, statistics } = projectionsService.methods;

/** The team's projections on the target: they stand still while their output is imported, and go on behind it. */
export class TargetProjections {
  readonly #connection: Connection;
  readonly #header: FileHeader;
  readonly #signal: AbortSignal;
  #ids: ReadonlyMap<number, number> = new Map();

  constructor(connection: Connection, header: FileHeader, signal: AbortSignal) {
    this.#connection = connection;
    this.#header = header;
    this.#signal = signal;
  }

  /**
   * Makes those that are missing and stops all, before the first event is there, so that none of them writes what is imported.
   * System projections that the source ran are started; answers which.
   * @throws ForeignTargetError
   */
  async prepare(): Promise<readonly string[]> {
    const there = await definitionsOn(this.#connection);
    for (const projection of this.#header.projections) {
      const found = there.projections.find(({ moved }) => moved.name === projection.name)?.moved;
      if (found === undefined) await this.#create(projection);
      else if (!isSameQuery(found.query, projection.query)) {
        throw new ForeignTargetError(`projection ${projection.name} with another query`);
      }
      if (found?.isEnabled !== false) await this.#stop(projection.name);
    }
    const started = this.#header.indexes.filter((name) => !there.indexes.includes(name));
    for (const name of started) await this.#call(enable, { options: { name } });
    await this.learnIds();
    return started;
  }

  /** The ids that the target gave. */
  async learnIds(): Promise<void> {
    const registered = await registeredOn(this.#connection);
    this.#ids = new Map(
      this.#header.projections.flatMap(({ name, id }) => {
        const target = registered.get(name);
        return target === undefined ? [] : [[id, target] as const];
      }),
    );
  }

  /** The id on the target of a projection that has `id` on the source; undefined for one that does not move. */
  idOf(id: number): number | undefined {
    return this.#ids.get(id);
  }

  isOwn(id: number): boolean {
    return [...this.#ids.values()].includes(id);
  }

  /** Puts the target's log positions into the queries; answers whose. */
  async rewrite(positionOf: (position: number) => number): Promise<readonly string[]> {
    const rewritten: string[] = [];
    const there = await definitionsOn(this.#connection);
    for (const { name, query, emitEnabled } of this.#header.projections) {
      const wanted = withPositions(query, positionOf);
      if (wanted === query) continue;
      rewritten.push(name);
      if (there.projections.find(({ moved }) => moved.name === name)?.moved.query === wanted) continue;
      // Without the flag an update turns emitting off (corrections 3.9).
      await this.#call(update, {
        options: { name, query: wanted, emitOption: { case: "emitEnabled", value: emitEnabled } },
      });
    }
    return rewritten;
  }

  /** Starts those that ran on the source; answers those that do not run then, with the reason. */
  async start(): Promise<ReadonlyMap<string, string>> {
    const faulted = new Map<string, string>();
    for (const { name, isEnabled } of this.#header.projections) {
      if (!isEnabled) continue;
      await this.#call(enable, { options: { name } });
      const { status, stateReason } = await this.#until(name, (text) => /^Running|Faulted/.test(text));
      if (status.includes("Faulted")) faulted.set(name, stateReason);
    }
    return faulted;
  }

  /** Why an index does not grow any more; undefined while it does. */
  async faultOf(name: string): Promise<string | undefined> {
    const { status, stateReason } = await this.#status(name);
    return status.startsWith("Running") ? undefined : `${status} ${stateReason}`.trim();
  }

  async #create({ name, query, emitEnabled, trackEmittedStreams }: MovedProjection): Promise<void> {
    await this.#call(create, {
      options: { query, mode: { case: "continuous", value: { name, emitEnabled, trackEmittedStreams } } },
    });
  }

  /** Without a checkpoint: its checkpoints are imported. */
  async #stop(name: string): Promise<void> {
    await this.#call(disable, { options: { name, writeCheckpoint: false } });
    await this.#until(name, (status) => /^(?:Aborted|Stopped)/.test(status));
  }

  async #until(name: string, holds: (status: string) => boolean): Promise<{ status: string; stateReason: string }> {
    for (;;) {
      const details = await this.#status(name);
      if (holds(details.status)) return details;
      await sleep(LOOK_MS, undefined, { signal: this.#signal });
    }
  }

  async #status(name: string): Promise<{ status: string; stateReason: string }> {
    const asked = this.#connection.serverStream(projectionsService, statistics, {
      options: { mode: { case: "name", value: name } },
    });
    for await (const { details } of asked) if (details !== undefined) return details;
    throw new ImportFailedError(`The target does not know the projection ${name} any more. Import again.`);
  }

  async #call<In, Out>(method: Method<"unary", unknown, In, Out, never>, request: In): Promise<void> {
    await this.#connection.unary(projectionsService, method, request);
  }
}

/** The same, whatever log positions it names: those were replaced by an import. */
const isSameQuery = (a: string, b: string): boolean => withPositions(a, () => 0) === withPositions(b, () => 0);
