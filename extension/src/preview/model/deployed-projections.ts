import { backfillName, filterName, routerName } from "@sluice/transport/topology";
import { StreamNotFoundError } from "../../event-store/errors.ts";
import type { EventReader } from "../../event-store/event-store.ts";

/** The latest generation of a projection that is, or was, on a server. */
export interface DeployedProjection {
  readonly name: string;
  readonly generation: number;
  readonly text: string;
  /** It was deleted; its text is the last that it had. */
  readonly isGone: boolean;
}

/** What of a server decides on the texts that deploying a component would make. */
export interface DeployedProjections {
  /** By owner: the component itself, or one of its categories. */
  readonly routers: ReadonlyMap<string, DeployedProjection>;
  readonly filter?: DeployedProjection;
  /** All that there ever were, the first one first. */
  readonly backfills: readonly DeployedProjection[];
  /** Of the owners that were asked for, the categories that have events already. */
  readonly withHistory: ReadonlySet<string>;
  /** The log position behind the last event: where a subscription begins that is made now. */
  readonly logEnd: number;
}

/** A server on which nothing is deployed, and which holds nothing. */
export const EMPTY_SERVER: DeployedProjections = {
  routers: new Map(),
  backfills: [],
  withHistory: new Set(),
  logEnd: 0,
};

/**
 * Reads what is deployed for a component, from the streams in which a server keeps the texts of projections.
 * @param owners the component, and its categories
 * @throws AccessDeniedError, ServerUnreachableError
 */
export async function readDeployed(
  reader: Pick<EventReader, "read">,
  component: string,
  owners: readonly string[],
  signal?: AbortSignal,
): Promise<DeployedProjections> {
  const latest = async (nameOf: (generation: number) => string) => (await generations(reader, nameOf, signal)).at(-1);
  const [filter, backfills, routers, withHistory, logEnd] = await Promise.all([
    latest((generation) => filterName(component, generation)),
    generations(reader, (generation) => backfillName(component, generation), signal),
    Promise.all(
      owners.map(async (owner) => [owner, await latest((generation) => routerName(owner, generation))] as const),
    ),
    Promise.all(
      owners.map(async (owner) =>
        owner !== component && (await hasEvents(reader, `$ce-${owner}`, signal)) ? owner : undefined,
      ),
    ),
    endOfLog(reader, signal),
  ]);
  return {
    routers: new Map(routers.flatMap(([owner, router]) => (router === undefined ? [] : [[owner, router] as const]))),
    ...(filter === undefined ? {} : { filter }),
    backfills,
    withHistory: new Set(withHistory.filter((owner) => owner !== undefined)),
    logEnd,
  };
}

/** All generations, the first one first: each took the place of the one before. */
async function generations(
  reader: Pick<EventReader, "read">,
  nameOf: (generation: number) => string,
  signal: AbortSignal | undefined,
): Promise<readonly DeployedProjection[]> {
  const found: DeployedProjection[] = [];
  for (let generation = 1; ; generation += 1) {
    const name = nameOf(generation);
    const data = await lastData(reader, `$projections-${name}`, signal);
    const { query, deleted } = Object(data) as { readonly query?: unknown; readonly deleted?: unknown };
    if (typeof query !== "string") return found;
    found.push({ name, generation, text: query, isGone: deleted === true });
  }
}

async function lastData(
  reader: Pick<EventReader, "read">,
  stream: string,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const [entry] = await lastOf(reader, stream, signal);
  try {
    return entry && JSON.parse(new TextDecoder().decode(entry.recorded.data));
  } catch {
    return undefined; // Somebody else's.
  }
}

const hasEvents = async (
  reader: Pick<EventReader, "read">,
  stream: string,
  signal: AbortSignal | undefined,
): Promise<boolean> => (await lastOf(reader, stream, signal)).length > 0;

async function lastOf(reader: Pick<EventReader, "read">, stream: string, signal: AbortSignal | undefined) {
  try {
    const options = { from: "end", direction: "backwards", limit: 1, followsLinks: false } as const;
    return (await reader.read({ stream }, { ...options, ...(signal === undefined ? {} : { signal }) })).entries;
  } catch (error) {
    if (error instanceof StreamNotFoundError) return [];
    throw error;
  }
}

async function endOfLog(reader: Pick<EventReader, "read">, signal: AbortSignal | undefined): Promise<number> {
  const options = { from: "end", direction: "backwards", limit: 1, followsLinks: false } as const;
  const { entries } = await reader.read({ all: true }, { ...options, ...(signal === undefined ? {} : { signal }) });
  return Number(entries[0]?.recorded.position.commit ?? -1) + 1;
}
