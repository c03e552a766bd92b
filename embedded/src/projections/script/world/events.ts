import type { Fatal } from "./fatal.ts";

/** An event as a script sees it, without what is parsed only when it is looked at. */
interface EventFields {
  readonly partition: string;
  readonly bodyRaw: string | null;
  readonly metadataRaw: string | null;
  readonly streamId: string | null;
  readonly eventId: string;
  readonly eventType: string | null;
  readonly linkMetadataRaw: string | null;
  readonly isJson: boolean;
  readonly category: string | null;
  readonly sequenceNumber: number;
}

/** What the parts of the message that carries an event are; see `event-message.ts` for the other side. */
export interface Events {
  /** Makes the object a handler gets. */
  make(parts: readonly string[], category: string | null): object;
  /** Parses all that an event has not parsed yet; does nothing for other objects. */
  complete(value: object): void;
  /** The field that an assignment or deletion was refused for last. */
  refused(): string;
}

/**
 * Events are read-only and parse their body and metadata when these are first read; only then are they among their keys
 * (goldens `projection-language/event-*`). Runs inside the sandbox; see `source.ts`.
 */
export function makeEvents(parse: (text: string) => unknown, { fail }: Fatal): Events {
  const { defineProperty, deleteProperty } = Reflect;
  const { hasOwn } = Object;
  const COMPLETE = Symbol();
  const FIELDS = new Set<unknown>(
    [
      "partition",
      "bodyRaw",
      "metadataRaw",
      "streamId",
      "eventId",
      "eventType",
      "linkMetadataRaw",
      "isJson",
      "category",
    ].concat(["sequenceNumber", "body", "data", "metadata", "linkMetadata"]),
  );
  let lastRefused = "";

  type Target = EventFields & Record<PropertyKey, unknown>;

  const traps: ProxyHandler<Target> = {
    get(target, key) {
      if (key === "body" || key === "data") parseBody(target);
      else if (key === "metadata") parseMetadata(target, "metadata", target.metadataRaw);
      else if (key === "linkMetadata") parseMetadata(target, "linkMetadata", target.linkMetadataRaw);
      else if (key === COMPLETE) completeTarget(target);
      return target[key];
    },
    set: (target, key, value) => isFree(key) && (((target as Record<PropertyKey, unknown>)[key] = value), true),
    defineProperty: (target, key, descriptor) => isFree(key) && defineProperty(target, key, descriptor),
    deleteProperty: (target, key) => isFree(key) && deleteProperty(target, key),
  };

  return {
    make(parts, category) {
      const target: EventFields = {
        partition: parts[5] || "",
        bodyRaw: parts[6] || null,
        metadataRaw: parts[7] || null,
        streamId: parts[2] || null,
        eventId: parts[3] || "",
        eventType: parts[4] || null,
        linkMetadataRaw: parts[8] || null,
        isJson: parts[0] === "1",
        category,
        sequenceNumber: Number(parts[1]),
      };
      return new Proxy(target as Target, traps);
    },
    complete(value) {
      // An event answers to the symbol by completing itself; anything else does not know it.
      void (value as Target)[COMPLETE];
    },
    refused: () => lastRefused,
  };

  function isFree(key: PropertyKey): boolean {
    if (!FIELDS.has(key)) return true;
    lastRefused = String(key);
    return false;
  }

  function completeTarget(target: Target): void {
    parseBody(target);
    parseMetadata(target, "metadata", target.metadataRaw);
    parseMetadata(target, "linkMetadata", target.linkMetadataRaw);
  }

  function parseBody(target: Target): void {
    if (!target.isJson || hasOwn(target, "body")) return;
    const body = parse(target.bodyRaw ?? "");
    if (typeof body !== "object" || body === null) {
      const kind =
        body === null ? "Null" : typeof body === "string" ? "String" : typeof body === "number" ? "Number" : "Boolean";
      fail(`Unable to cast object of type 'Jint.Native.Js${kind}' to type 'Jint.Native.Object.ObjectInstance'.`);
    }
    add(target, "body", body);
    add(target, "data", body);
  }

  function parseMetadata(target: Target, name: "metadata" | "linkMetadata", text: string | null): void {
    if (!hasOwn(target, name)) add(target, name, text === null ? null : parse(text));
  }

  function add(target: Target, name: string, value: unknown): void {
    defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  }
}
