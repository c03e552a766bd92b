import type { RecordedEvent } from "../event-store/event-store.ts";
import { isJsonText } from "../events/json/is-json.ts";

/** What events hold, for those that are to be written beside them. */
export interface SeenEvents {
  /** The newest first. */
  readonly types: readonly string[];
  /** The names of members at a path (see {@link keyOf}), of the data of one type of events, and of all metadata. */
  readonly data: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  readonly metadata: ReadonlyMap<string, readonly string[]>;
}

/** Larger bodies would hold up whoever is typing. */
const LARGEST = 2 ** 18;
const DEEPEST = 8;

/** The path to an object as a key: an empty step stands for the elements of a list. */
export function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

/** @param events the newest first */
export function seenIn(events: readonly RecordedEvent[]): SeenEvents {
  const types = new Set<string>();
  const data = new Map<string, Map<string, Set<string>>>();
  const metadata = new Map<string, Set<string>>();
  for (const event of events) {
    types.add(event.type);
    const ofType = data.get(event.type) ?? new Map<string, Set<string>>();
    data.set(event.type, ofType);
    collect(parsed(event.data), [], ofType);
    collect(parsed(event.metadata), [], metadata);
  }
  return {
    types: [...types],
    data: new Map([...data].map(([type, members]) => [type, listed(members)])),
    metadata: listed(metadata),
  };
}

function parsed(bytes: Uint8Array): unknown {
  if (bytes.length > LARGEST) return undefined;
  const text = new TextDecoder().decode(bytes);
  return isJsonText(text) ? JSON.parse(text) : undefined;
}

function collect(value: unknown, path: readonly string[], members: Map<string, Set<string>>): void {
  if (typeof value !== "object" || value === null || path.length > DEEPEST) return;
  if (Array.isArray(value)) {
    for (const element of value) collect(element, [...path, ""], members);
    return;
  }
  const known = members.get(keyOf(path)) ?? new Set<string>();
  members.set(keyOf(path), known);
  for (const [name, inner] of Object.entries(value)) {
    known.add(name);
    collect(inner, [...path, name], members);
  }
}

function listed(members: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, readonly string[]> {
  return new Map([...members].map(([path, names]) => [path, [...names]]));
}
