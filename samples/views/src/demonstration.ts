import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type ServerChoice, startSystem } from "@sluice/sample-display";
import { askAlways, type Seen } from "./asking.ts";
import { streamsSay } from "./audit.ts";
import { serveHttp } from "./http.ts";
import { lending } from "./lending.ts";
import { lendAll } from "./loans.ts";
import type { Queries } from "./read-model.ts";
import { startReadModels } from "./read-models.ts";

export interface Result extends Seen {
  /** Events in the model that was rebuilt and switched to. */
  readonly events: number;
  /** Milliseconds until it was live. */
  readonly rebuiltIn: number;
  /** Whether its rows are what the streams say. */
  readonly isEqual: boolean;
  readonly readers: ReturnType<Queries["readers"]>;
}

export interface DemonstrationOptions {
  readonly server: ServerChoice;
  /** Where the read models are. */
  readonly directory: string;
  readonly loans: number;
  readonly http: number;
  readonly say: (text: string) => void;
  /** Told what came out while all still runs, and awaited before it is stopped. */
  readonly done: (result: Result) => Promise<void> | void;
}

/** Lends books, folds them, and rebuilds what was folded while books go on being lent and somebody asks all the time. */
export async function demonstrate(options: DemonstrationOptions): Promise<Result> {
  const { server, directory, loans, say } = options;
  const handled = new Set<string>();
  await using running = await startSystem(server, [lending], {
    sender: "desk",
    say,
    on: (event) => {
      if (event.kind === "handled") handled.add(event.messageId);
    },
  });
  const { sender: desk, reading, connectionString } = running;
  await using models = await startReadModels(connectionString, directory);
  await using http = await serveHttp(models, options.http);
  say(`Ask at ${http.url}, /readers, /readers/Ada, /books/b17.`);
  /** Waits until what was sent is handled, and what came of it can be asked for. */
  const settled = async (ids: readonly string[]): Promise<void> => {
    while (!ids.every((id) => handled.has(id))) await sleep(20);
    const { events } = await streamsSay(reading);
    while (models.live.events() < events) await sleep(5);
  };

  const half = Math.floor(loans / 2);
  await settled(await lendAll(desk, 0, half));
  say(`${models.live.events()} events are in the ${models.live.color} model. Rebuilding beside it, and lending on.`);
  const asking = askAlways(http.url);
  const begin = performance.now();
  const rebuilding = models.rebuild().then(() => Math.round(performance.now() - begin));
  const [ids, rebuiltIn] = await Promise.all([lendAll(desk, half, loans), rebuilding]);
  await settled(ids);
  const seen = await asking.end();

  const { books, readers } = await streamsSay(reading);
  const isEqual = isDeepStrictEqual(models.live.all(), { books, readers });
  const result = { ...seen, events: models.live.events(), rebuiltIn, isEqual, readers: models.live.readers(5) };
  await options.done(result);
  return result;
}

/** Whether the rebuilt model is right, and nobody who asked has noticed but by its name. */
export const holds = ({ isEqual, wrong, models }: Result): boolean => isEqual && wrong === 0 && models.length === 2;
