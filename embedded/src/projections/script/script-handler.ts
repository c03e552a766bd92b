import {
  ProjectionFault,
  type Emission,
  type Handled,
  type ProjectionEvent,
  type ProjectionHandler,
} from "../handler.ts";
import type { SourceDefinition } from "../handler.ts";
import { holdsWhatItSays } from "../valid-json.ts";
import { eventMessage } from "./event-message.ts";
import type { Inside } from "./quickjs-module.ts";
import type { Sandbox } from "./sandbox.ts";
import { faultOf, faultOfError } from "./script-faults.ts";
import { streamPartition } from "./stream-partition.ts";
import type { SentEmission } from "./world/emissions.ts";
import type { Sealed, World } from "./world/world.ts";

/** How long one call of a script may take, in milliseconds (spec 3.1). */
const ALLOWED = 250;
const NONE: readonly Emission[] = [];

/** A compiled query in its sandbox. */
export class ScriptHandler implements ProjectionHandler {
  readonly typeName = "EventStore.Projections.Core.Services.Interpreted.JintProjectionStateHandler";
  readonly definition: SourceDefinition;
  readonly needsWholeMetadata = true;
  readonly #handlesCreated: boolean;
  readonly #query: string;
  /** The query uses what puts work off: promises, which the server runs where they are awaited, and `import()`. */
  readonly #defers: boolean;
  readonly #functions = new Map<keyof World, Inside>();
  readonly #world: Inside;
  #sandbox: Sandbox | undefined;
  #event: ProjectionEvent | undefined;
  #state: string | null = null;
  #shared: string | null | undefined;

  constructor(sandbox: Sandbox, world: Inside, query: string, { definition, handlesCreated }: Sealed) {
    this.#sandbox = sandbox;
    this.#world = world;
    this.#query = query;
    this.#defers = /\b(?:async|await|Promise|import)\b/.test(query);
    this.definition = { ...UNSET, ...definition };
    this.#handlesCreated = handlesCreated;
  }

  load(state: string): void {
    this.#call("load", [state]);
  }

  loadShared(state: string): void {
    this.#call("loadShared", [state]);
  }

  initialize(): void {
    this.#call("initialize", []);
  }

  initializeShared(): void {
    this.#call("initializeShared", []);
  }

  accepts({ event }: ProjectionEvent): boolean {
    return holdsWhatItSays(event);
  }

  partitionOf(event: ProjectionEvent): string | null {
    if (!this.definition.byCustomPartitions) return streamPartition(event);
    const answer = this.#call("partition", this.#message(event, ""), true);
    if (answer.startsWith('"')) return JSON.parse(answer) as string;
    return answer === "-" ? null : answer.slice(1);
  }

  process(event: ProjectionEvent, partition: string): Handled {
    const message = this.#message(event, partition);
    if (!this.#defers) return this.#handled(this.#call("process", message));
    this.#call("begin", message);
    this.#runJobs();
    return this.#handled(this.#call("finish", []));
  }

  processCreated(event: ProjectionEvent, partition: string): readonly Emission[] {
    return this.#handlesCreated ? emissions(this.#call("created", this.#message(event, partition))) : NONE;
  }

  processDeleted(partition: string): Handled {
    this.#event = undefined;
    return this.#handled(this.#call("deleted", [JSON.stringify(partition)]));
  }

  transform(): string | null {
    const answer = this.#call("transform", []);
    return answer === "-" ? null : answer.slice(1);
  }

  dispose(): void {
    this.#sandbox?.dispose();
    this.#sandbox = undefined;
    this.#functions.clear();
  }

  #message(event: ProjectionEvent, partition: string): readonly (string | Uint8Array)[] {
    const isNext = event !== this.#event;
    this.#event = event;
    return eventMessage(event, partition, isNext);
  }

  /** Calls into the sandbox; throws the fault that it answers. */
  #call(name: keyof World, parts: readonly (string | Uint8Array)[], isBare = false): string {
    const sandbox = this.#sandbox;
    if (sandbox === undefined) throw new ProjectionFault("The projection was disposed of; compile its query again.");
    let fn = this.#functions.get(name);
    if (fn === undefined) {
      fn = sandbox.property(this.#world, name);
      this.#functions.set(name, fn);
    }
    let answer: string;
    try {
      answer = sandbox.call(fn, parts, ALLOWED);
    } catch (error) {
      throw faultOfError(error, "execute", isBare);
    }
    if (answer.startsWith("!")) throw faultOf(answer.slice(1), this.#query, isBare);
    return answer;
  }

  #runJobs(): void {
    let triedImport: boolean | undefined;
    try {
      triedImport = this.#sandbox?.runJobs(ALLOWED);
    } catch (error) {
      throw faultOfError(error, "execute");
    }
    if (triedImport) throw new ProjectionFault(NO_MODULES);
  }

  /** Reads what {@link World.finish} answers. */
  #handled(answer: string): Handled {
    if (answer === "") return this.#result(NONE);
    const endOfEmitted = answer.indexOf("\n");
    const endOfShared = answer.indexOf("\n", endOfEmitted + 1);
    const kind = answer[0];
    const text = answer.slice(endOfShared + 1);
    if (kind === "n") this.#state = null;
    else if (kind !== "u") this.#state = kind === "j" ? (JSON.parse(text) as string) : text;
    if (this.definition.biState && kind !== "u") this.#shared = answer.slice(endOfEmitted + 1, endOfShared);
    return this.#result(emissions(answer.slice(1, endOfEmitted)));
  }

  #result(emitted: readonly Emission[]): Handled {
    return this.#shared === undefined
      ? { state: this.#state, emitted }
      : { state: this.#state, shared: this.#shared, emitted };
  }
}

/** What the server says to `import()`. */
export const NO_MODULES = "Module loading has been disabled, you need to enable it in engine options";

/** JSON leaves out what is not set. */
const UNSET = { processingLag: undefined, resultStreamName: undefined, partitionResultStreamNamePattern: undefined };

function emissions(json: string): readonly Emission[] {
  if (json === "") return NONE;
  return (JSON.parse(json) as readonly SentEmission[]).map(([stream, type, isJson, data, metadata, isEarlier]) => ({
    stream,
    type,
    isJson: isJson === 1,
    data,
    ...(metadata === 0 ? undefined : { metadata }),
    ...(isEarlier === 0 ? undefined : { earlier: true }),
  }));
}
