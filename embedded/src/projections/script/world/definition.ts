import type { Fatal } from "./fatal.ts";

type Script = (...args: unknown[]) => unknown;

/** What a query defines: the answers to "what is read", and the functions that handle it. */
export interface Definition {
  allStreams: boolean;
  streams: string[];
  categories: string[];
  allEvents: boolean;
  events: string[];
  byStreams: boolean;
  byCustomPartitions: boolean;
  definesFold: boolean;
  definesStateTransform: boolean;
  producesResults: boolean;
  biState: boolean;
  handlesDeletedNotifications: boolean;
  includeLinks: boolean;
  reorderEvents: boolean;
  processingLag: number | undefined;
  resultStreamName: string | undefined;
  partitionResultStreamNamePattern: string | undefined;
}

export interface Handlers {
  readonly types: Map<string, Script>;
  readonly created: Script[];
  readonly transforms: { readonly isFilter: boolean; readonly run: Script }[];
  init?: Script;
  initShared?: Script;
  any?: Script;
  deleted?: Script;
  partition?: Script;
}

/**
 * The functions that a query defines its projection with, and which step may follow which (spec 3.1 "chain rules"; golden
 * `projection-language/chain-of-definitions`). Runs inside the sandbox; see `source.ts`.
 */
export function makeDefinition({ fail }: Fatal): {
  readonly definition: Definition;
  readonly handlers: Handlers;
  readonly functions: Readonly<Record<string, Script>>;
} {
  const definition: Definition = {
    allStreams: false,
    streams: [],
    categories: [],
    allEvents: true,
    events: [],
    byStreams: false,
    byCustomPartitions: false,
    definesFold: false,
    definesStateTransform: false,
    producesResults: false,
    biState: false,
    handlesDeletedNotifications: false,
    includeLinks: false,
    reorderEvents: false,
    processingLag: undefined,
    resultStreamName: undefined,
    partitionResultStreamNamePattern: undefined,
  };
  const handlers: Handlers = { types: new Map(), created: [], transforms: [] };
  const sourceOf = Function.prototype.toString;

  const steps: Record<string, Script> = {
    when(given) {
      if (isObject(given)) {
        for (const key of Reflect.ownKeys(given)) {
          const value = Object.getOwnPropertyDescriptor(given, key)?.value as unknown;
          if (typeof key === "string" && isScript(value)) addHandler(key, value);
        }
      }
      definition.definesFold = true;
      return next("transformBy", "filterBy", "outputState", "outputTo", "$defines_state_transform");
    },
    foreachStream() {
      definition.byStreams = true;
      return next("when");
    },
    partitionBy(given) {
      if (!isScript(given)) return fail("partitionBy");
      definition.byCustomPartitions = true;
      handlers.partition = given;
      return next("when");
    },
    outputState() {
      definition.producesResults = true;
      return next("transformBy", "filterBy", "outputTo");
    },
    outputTo(...args) {
      if (args.length !== 1 && args.length !== 2) fail("invalid number of parameters");
      const [stream, pattern] = args;
      if (typeof stream !== "string") return fail("expected string value (Parameter 'resultStream')");
      if (args.length === 2 && typeof pattern !== "string") {
        return fail("expected string value (Parameter 'partitionResultStreamPattern')");
      }
      definition.resultStreamName = named(stream);
      if (typeof pattern === "string") definition.partitionResultStreamNamePattern = named(pattern);
      return undefined;
    },
    transformBy: (given) => transform(given, false),
    filterBy: (given) => transform(given, true),
    $defines_state_transform() {
      definition.definesStateTransform = true;
      definition.producesResults = true;
      return undefined;
    },
  };

  function transform(given: unknown, isFilter: boolean): unknown {
    if (!isScript(given)) return fail("expected function");
    definition.definesStateTransform = true;
    definition.producesResults = true;
    handlers.transforms.push({ isFilter, run: given });
    return next("transformBy", "filterBy", "outputState", "outputTo");
  }

  function next(...names: string[]): unknown {
    return Object.fromEntries(names.map((name) => [name, steps[name]]));
  }

  function fromCategory(...args: unknown[]): unknown {
    if (args.length === 0) return next();
    const given: unknown[] = args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
    if (args.length === 1 && given === args) {
      if (typeof args[0] !== "string") return fail("category");
      definition.categories.push(args[0]);
    } else {
      for (const name of given) definition.streams.push(typeof name === "string" ? `$ce-${name}` : fail("categories"));
    }
    return next("when", "partitionBy", "outputState", "foreachStream");
  }

  const functions: Record<string, Script> = {
    options: setOptions,
    fromAll() {
      definition.allStreams = true;
      return next("when", "partitionBy", "outputState", "foreachStream");
    },
    fromStream(stream) {
      definition.streams.push(typeof stream === "string" ? stream : fail("stream"));
      return next("when", "partitionBy", "outputState");
    },
    fromStreams(...args) {
      for (const name of Array.isArray(args[0]) ? (args[0] as unknown[]) : args) {
        definition.streams.push(typeof name === "string" ? name : fail("streams"));
      }
      return next("when", "partitionBy", "outputState");
    },
    fromCategory,
    fromCategories: fromCategory,
    on_event(...args) {
      const [type, handler] = args;
      if (args.length !== 2) fail("invalid number of parameters");
      if (typeof type !== "string") return fail("eventName");
      addHandler(type, isScript(handler) ? handler : fail("eventHandler"));
      return undefined;
    },
    on_any(...args) {
      if (args.length !== 1) fail("invalid number of parameters");
      addHandler("$any", isScript(args[0]) ? args[0] : fail("eventHandler"));
      return undefined;
    },
  };

  return { definition, handlers, functions };

  function setOptions(given: unknown): undefined {
    if (!isObject(given)) return;
    for (const key of Reflect.ownKeys(given)) {
      const value = Object.getOwnPropertyDescriptor(given, key)?.value as unknown;
      const wanted = <T>(isWanted: boolean): T => (isWanted ? (value as T) : fail("Invalid value"));
      switch (String(key).toLowerCase()) {
        case "$includelinks":
          definition.includeLinks = wanted(typeof value === "boolean");
          break;
        case "reorderevents":
          definition.reorderEvents = wanted(typeof value === "boolean");
          break;
        case "processinglag":
          // The server holds it in 32 bits.
          definition.processingLag = wanted<number>(typeof value === "number") | 0;
          break;
        case "resultstreamname":
          definition.resultStreamName = named(wanted(typeof value === "string"));
          break;
        case "bistate":
          definition.biState = wanted(typeof value === "boolean");
          break;
        default:
          fail(`Unrecognized option: ${String(key)}`);
      }
    }
  }

  function addHandler(name: string, handler: Script): void {
    switch (name) {
      case "$init":
        handlers.init = handler;
        break;
      case "$initShared":
        definition.biState = true;
        handlers.initShared = handler;
        break;
      case "$any":
        definition.allEvents = true;
        handlers.any = handler;
        break;
      case "$created":
        handlers.created.push(handler);
        break;
      case "$deleted":
        if (definition.biState) fail("Cannot handle deletes in bi-state projections");
        definition.handlesDeletedNotifications = true;
        handlers.deleted = handler;
        break;
      default:
        if (handlers.types.has(name)) fail(`An item with the same key has already been added. Key: ${name}`);
        definition.allEvents = false;
        definition.events.push(name);
        handlers.types.set(name, handler);
    }
  }

  function named(name: string): string | undefined {
    return name.trim() === "" ? undefined : name;
  }

  function isObject(value: unknown): value is object {
    return (typeof value === "object" && value !== null) || typeof value === "function";
  }

  /** Only functions that the query itself wrote count: bound and built-in ones do not (golden `handlers-odd-ones`). */
  function isScript(value: unknown): value is Script {
    return typeof value === "function" && !/\[native code\]\s*\}$/.test(sourceOf.call(value));
  }
}
