import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { EventStoreDBClient } from "@eventstore/db-client";
import { Child } from "./child.ts";
import type { Contender, Figure, Sample, Samples } from "./figure.ts";
import type { DiskWork } from "./ceilings/disk.ts";
import type { QuickJsWork } from "./ceilings/quickjs.ts";
import { type Effort, interleaved } from "./rounds.ts";
import type { Seed } from "./seed.ts";

const FOLDER = import.meta.dirname;
/** The command line of the server. */
export const SERVER = join(FOLDER, "..", "src", "cli", "main.ts");
const run = promisify(execFile);

const SYSTEM_PROJECTIONS = ["$streams", "$stream_by_category", "$by_category", "$by_event_type", "$by_correlation_id"];

const startServer = (directory: string, profile?: string): Promise<Child> =>
  Child.start(SERVER, ["--json", "--port", "0", "--data", directory], profile);

/** Something to be measured, with its ceilings. */
export interface Case {
  readonly name: string;
  readonly measure: (bench: Bench) => Promise<readonly Figure[]>;
}

/** A server with a client of its own. */
export interface Served {
  readonly process: Child;
  readonly client: EventStoreDBClient;
}

export interface BenchOptions extends Effort {
  /** The large form: 1 million events to read, 10 million at rest. */
  readonly isFull: boolean;
  /** A directory for the server's CPU profiles. */
  readonly profile: string | undefined;
}

/** What a case measures with. All that it starts ends with the case. */
export class Bench {
  readonly options: BenchOptions;
  readonly #ends: (() => Promise<unknown>)[] = [];
  #bare: Promise<Served> | undefined;
  #disk: Promise<Child> | undefined;
  #quickJs: Promise<Child> | undefined;

  constructor(options: BenchOptions) {
    this.options = options;
  }

  /**
   * The server in a process of its own, with a durable log that holds `seed`. Its system projections are off, as they are on
   * the real server unless it is told to run them.
   */
  async server(seed: Seed = {}): Promise<Served> {
    return this.serverOn(await this.seeded(seed));
  }

  /** The same on a data directory that is there. */
  async serverOn(directory: string): Promise<Served> {
    return this.#served(await startServer(directory, this.options.profile));
  }

  /** The same with all five system projections running, as it starts on a new directory. */
  async serverWithSystemProjections(): Promise<Served> {
    return this.serverOn(await this.directory());
  }

  /** A data directory that holds `seed`, with all system projections off. */
  async seeded(seed: Seed): Promise<string> {
    const directory = await this.directory();
    const server = await startServer(directory);
    const client = EventStoreDBClient.connectionString(server.connectionString);
    for (const name of SYSTEM_PROJECTIONS) await client.disableProjection(name);
    await client.dispose();
    await server.stop();
    const args = ["--conditions=sluice-source", join(FOLDER, "seed.ts"), directory, JSON.stringify(seed)];
    if (seed.events !== undefined || seed.streams !== undefined) await run(process.execPath, args);
    return directory;
  }

  async directory(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), "sluice-bench-"));
    this.#ends.push(() => rm(directory, { recursive: true, force: true }));
    return directory;
  }

  /** The gRPC server that does nothing, as long as the case lasts. */
  bare(): Promise<Served> {
    return (this.#bare ??= Child.start(join(FOLDER, "ceilings", "bare-server.ts"), []).then((child) =>
      this.#served(child),
    ));
  }

  /** The disk alone, writing this. */
  disk(what: Omit<DiskWork, "seconds">): Contender {
    return {
      name: "disk alone",
      run: async (seconds) => {
        this.#disk ??= this.directory().then((directory) => this.#worker("disk.ts", [directory]));
        return (await this.#disk).ask<Sample>({ ...what, seconds } satisfies DiskWork);
      },
    };
  }

  /** QuickJS alone, calling these handlers. */
  quickJs(handlers: QuickJsWork["handlers"]): Contender {
    return {
      name: "QuickJS alone",
      run: async (seconds) => {
        this.#quickJs ??= this.#worker("quickjs.ts", []);
        return (await this.#quickJs).ask<Sample>({ handlers, seconds } satisfies QuickJsWork);
      },
    };
  }

  measured(contenders: readonly Contender[]): Promise<readonly Samples[]> {
    return interleaved(contenders, this.options);
  }

  /** Ends all that was started, the newest first. */
  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end();
  }

  #served(process: Child): Served {
    const client = EventStoreDBClient.connectionString(process.connectionString);
    this.#ends.push(async () => {
      await client.dispose();
      await process.stop();
    });
    return { process, client };
  }

  async #worker(file: string, args: readonly string[]): Promise<Child> {
    const child = await Child.start(join(FOLDER, "ceilings", file), args);
    this.#ends.push(() => child.stop());
    return child;
  }
}
