import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { component, startEndpoint } from "@sluice/transport";
import { libraryView } from "./library.ts";
import { openReadModel, type Queries, type ReadModel } from "./read-model.ts";

const COLORS = ["blue", "green"] as const;
export type Color = (typeof COLORS)[number];

/** The read model that is asked, and how it is replaced. */
export interface ReadModels extends AsyncDisposable {
  /** Whom to ask now. Ask it for each query anew, and keep it for none. */
  readonly live: Queries & { readonly color: Color };
  /**
   * Folds all of history into another model, beside the live one, which goes on; once it has come as far, it is the live one, and the old one
   * ends. Whoever kills the process meanwhile finds the one or the other live, and whole. Asked for again meanwhile, it is the same rebuild.
   */
  rebuild(): Promise<void>;
}

interface Running {
  readonly color: Color;
  readonly model: ReadModel;
  /** Waits until all that was published before the start is in it. */
  ready(): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts the live read model of a directory, which is made where it is not there. */
export async function startReadModels(connectionString: string, directory: string): Promise<ReadModels> {
  mkdirSync(directory, { recursive: true });
  const pointer = join(directory, "live");
  let live = await run(connectionString, directory, liveIn(pointer));
  await live.ready();
  const rebuild = async (): Promise<void> => {
    const color = live.color === "blue" ? "green" : "blue";
    for (const end of ["", "-wal", "-shm"]) rmSync(`${fileOf(directory, color)}${end}`, { force: true });
    const next = await run(connectionString, directory, color);
    await next.ready();
    // What was asked of the old one must not be less in the new one.
    while (next.model.events() < live.model.events()) await sleep(5);
    const old = live;
    writeFileSync(`${pointer}.next`, color, { flush: true });
    renameSync(`${pointer}.next`, pointer);
    live = next;
    await old.stop();
  };
  let rebuilding: Promise<void> | undefined;
  return {
    get live() {
      return { ...live.model, color: live.color };
    },
    rebuild: () => (rebuilding ??= rebuild().finally(() => (rebuilding = undefined))),
    [Symbol.asyncDispose]: () => live.stop(),
  };
}

const fileOf = (directory: string, color: Color): string => join(directory, `${color}.db`);

/** Who is live is told by a file that is replaced as a whole. */
function liveIn(pointer: string): Color {
  const said = existsSync(pointer) ? readFileSync(pointer, "utf8") : "blue";
  return COLORS.find((color) => color === said) ?? "blue";
}

/** An instance of the component `catalog` with a view of its own. */
async function run(connectionString: string, directory: string, color: Color): Promise<Running> {
  const model = openReadModel(fileOf(directory, color));
  const library = libraryView(model);
  const catalog = component("catalog", (c) => c.view(library));
  const endpoint = await startEndpoint([catalog], { connectionString });
  return {
    color,
    model,
    ready: () => endpoint.view(library).ready(),
    async stop() {
      await endpoint.stop();
      model[Symbol.dispose]();
    },
  };
}
