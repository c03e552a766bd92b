import { CONFIG_STREAM, checkpointStream } from "../../persistent/bookkeeping-streams.ts";
import { decodeConfig } from "../../persistent/config-document.ts";
import { type GroupConfig, nameOf } from "../../persistent/group-config.ts";
import { placeOf } from "../../persistent/group-target.ts";
import { parseDocument } from "../../projections/management/document.ts";
import { streamNames } from "../../projections/stream-names.ts";
import type { Connection } from "../../client/connection.ts";
import { lastOf, readStream } from "./log-reading.ts";
import type { MovedProjection } from "./transfer-file.ts";

/** A user's projection as its server keeps it. */
export interface DefinedProjection {
  readonly moved: MovedProjection;
  /** It reads `$all`: what it writes is stamped with log positions. */
  readonly readsAll: boolean;
  /** What it reads besides; indexes among them have to be followed. */
  readonly reads: readonly string[];
  /** Its query has compiled, and it is one that goes on for ever. */
  readonly isMovable: boolean;
}

export interface Definitions {
  readonly projections: readonly DefinedProjection[];
  /** System projections that are enabled. */
  readonly indexes: readonly string[];
}

/** Registered projections by name, with the ids that stamps name (spec 3.4). */
export async function registeredOn(connection: Connection): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for await (const { type, data, revision } of readStream(connection, "$projections-$all", 0)) {
    const name = Buffer.from(data).toString("utf8");
    if (type === "$ProjectionCreated") found.set(name, revision);
    else if (type === "$ProjectionDeleted") found.delete(name);
  }
  return found;
}

/** The projections of a server. The client's calls do not tell queries; the server keeps each in a stream (spec 3.4). */
export async function definitionsOn(connection: Connection): Promise<Definitions> {
  const projections: DefinedProjection[] = [];
  const indexes: string[] = [];
  for (const [name, id] of await registeredOn(connection)) {
    const data = (await lastOf(connection, streamNames(name).definition))?.data;
    const document = data && parseDocument(data);
    if (data === undefined || document === undefined || document.deletion !== undefined) continue;
    if (name.startsWith("$")) {
      if (document.enabled) indexes.push(name);
      continue;
    }
    const source = (JSON.parse(Buffer.from(data).toString("utf8")) as { readonly sourceDefinition?: Source })
      .sourceDefinition;
    projections.push({
      moved: {
        name,
        id,
        query: document.query,
        emitEnabled: document.emitEnabled,
        trackEmittedStreams: document.trackEmittedStreams,
        isEnabled: document.enabled,
      },
      readsAll: source?.allStreams === true,
      reads: source?.streams ?? [],
      isMovable: document.mode === "Continuous" && source !== undefined,
    });
  }
  return { projections, indexes };
}

interface Source {
  readonly allStreams?: boolean;
  readonly streams?: readonly string[];
}

/** A group and how far it has come; without a checkpoint `undefined`. */
export interface DefinedGroup {
  readonly config: GroupConfig;
  readonly checkpoint: number | undefined;
}

/** The groups of a server. A client is told neither their filters nor where they began; the configuration has it (spec 2.1). */
export async function groupsOn(connection: Connection): Promise<readonly DefinedGroup[]> {
  const stored = await lastOf(connection, CONFIG_STREAM);
  const groups: DefinedGroup[] = [];
  for (const config of (stored && decodeConfig(stored.data)) ?? []) {
    const last = await lastOf(connection, checkpointStream(nameOf(config)));
    groups.push({ config, checkpoint: last && checkpointOf(config, last.data) });
  }
  return groups;
}

function checkpointOf(config: GroupConfig, data: Uint8Array): number | undefined {
  try {
    const text: unknown = JSON.parse(Buffer.from(data).toString("utf8"));
    return typeof text === "string" ? placeOf(config.target.kind, text) : undefined;
  } catch {
    return undefined;
  }
}
