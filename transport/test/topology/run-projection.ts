import { runInNewContext } from "node:vm";

/** An event as a handler of a projection meets it; of a link, the original with the link's metadata. */
export interface ProjectedEvent {
  readonly eventType: string | null;
  readonly streamId: string | null;
  readonly sequenceNumber: number;
  /** Raw text of the metadata; absent where there is none. */
  readonly metadataRaw?: string;
  readonly linkMetadata?: { readonly $c: number };
}

/** What a script reads, and the links it makes of `events`, as `[target, number@stream]`. */
export interface Projected {
  readonly source: string;
  readonly links: readonly (readonly [string, string])[];
}

/** Runs a generated projection over events in the order given. */
export function runProjection(text: string, events: readonly ProjectedEvent[]): Projected {
  const { source, linksOf } = compileProjection(text);
  return { source, links: events.flatMap((event) => linksOf(event)) };
}

/** A generated projection, ready to take one event after the other. */
export interface CompiledProjection {
  readonly source: string;
  linksOf(event: ProjectedEvent): Projected["links"];
}

/**
 * Runs a generated projection's script with as much of the engine's world as generated scripts use: `$any` for every event, or named
 * handlers for their types alone, and metadata that throws when it is read and is no JSON.
 */
export function compileProjection(text: string): CompiledProjection {
  let links: [string, string][] = [];
  let source = "";
  let handlers: Record<string, (state: object, event: object) => void> = {};
  const from =
    (kind: string) =>
    (...names: string[]) => {
      source = `${kind} ${names.join(" ")}`;
      return { when: (given: typeof handlers) => void (handlers = given) };
    };
  runInNewContext(text, {
    fromStream: from("stream"),
    fromCategory: from("category"),
    linkTo: (target: string, event: ProjectedEvent) => {
      if (event.streamId === null) throw new Error("a link to nothing faults the projection");
      links.push([target, `${event.sequenceNumber}@${event.streamId}`]);
    },
  });
  return {
    source,
    linksOf(event) {
      links = [];
      const handler = handlers["$any"] ?? (event.eventType === null ? undefined : handlers[event.eventType]);
      handler?.({}, withMetadata(event));
      return links;
    },
  };
}

const withMetadata = (event: ProjectedEvent): object =>
  Object.defineProperty({ ...event }, "metadata", {
    get: () => (event.metadataRaw === undefined ? null : JSON.parse(event.metadataRaw)),
  });
