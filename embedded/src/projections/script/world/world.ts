import { reviseDates } from "./dates.ts";
import { makeDefinition, type Definition } from "./definition.ts";
import { makeEmissions } from "./emissions.ts";
import { makeEvents } from "./events.ts";
import { makeFatal } from "./fatal.ts";
import { makeJsonReader } from "./json-reader.ts";
import { makeJsonWriter } from "./json-writer.ts";
import { restrictLanguage } from "./language.ts";
import { numberText } from "./number-text.ts";
import { reviseNumbers } from "./numbers.ts";
import { revisePowers } from "./powers.ts";
import { reviseTexts } from "./texts.ts";

/**
 * The way into a script's world. Every function takes and gives one text, so that a call costs one crossing; the first
 * character of an answer says what it is:
 * `!` a fault (JSON of {@link ThrownValue}), `=` a text, `"` one as JSON, `-` null, and of {@link World.finish} as it says.
 */
export interface World {
  /** After the query ran: takes the definition's functions away, puts those of handlers there. Answers a {@link Sealed}. */
  seal(): string;
  load(state: string): string;
  loadShared(state: string): string;
  initialize(): string;
  initializeShared(): string;
  partition(message: string): string;
  created(message: string): string;
  /** Takes the partition's name as JSON. */
  deleted(partition: string): string;
  /** {@link begin} and {@link finish} in one. */
  process(message: string): string;
  /** Runs the handler. */
  begin(message: string): string;
  /**
   * What the call before left behind: "" if nothing is new; else emissions as JSON, a line break, the shared state, a line
   * break, the state, behind `s` (a new state), `j` (one as a JSON text, since it holds what cannot cross), `n` (null) or
   * `u` (unchanged).
   */
  finish(): string;
  transform(): string;
  /** Says what a value is that the query threw while it was set up. */
  explain(thrown: unknown): string;
  /** Has errors that the query catches reworded; takes a {@link ThrownValue} as JSON and answers a text as JSON. Called once, before the query runs. */
  tellCaught(reword: (thrown: string) => string): void;
}

/** What is known of a query once it ran. */
export interface Sealed {
  readonly definition: Definition;
  readonly handlesCreated: boolean;
}

/** What a script threw, as far as it shows. */
export interface ThrownValue {
  readonly message: string;
  /** Nothing may be read into the message: it is the server's own, or the script's. */
  readonly isFinal?: true;
  /** The server found it outside the handler: its reason has no heading. */
  readonly isBare?: true;
  /** The field of an event that the script last tried to change. */
  readonly refused?: string;
  readonly stack?: string;
}

/**
 * Builds the world a query runs in, from within the sandbox: what is taken away from the language, what is added to it.
 * `category` is what events have for theirs; `log` writes to the server's log. Runs inside the sandbox; see `source.ts`.
 */
export function makeWorld(log: (text: string) => void): World {
  const { stringify, parse: parseJson } = JSON;
  const fatal = makeFatal();
  const parse = makeJsonReader();
  const events = makeEvents(parse, fatal);
  const json = makeJsonWriter(fatal, events.complete);
  const emissions = makeEmissions(fatal, json);
  const { definition, handlers, functions } = makeDefinition(fatal);
  let category: string | null = null;
  let state: unknown;
  /** Texts given out last; undefined before the first. */
  let lastOwn: string | null | undefined;
  let lastShared: string | null | undefined;

  restrictLanguage(fatal, parse);
  reviseDates();
  reviseNumbers();
  // The names are those of `SPREADABLE` and `POWER`, beside `spreadTexts` and `takePowers` outside.
  addGlobal("$sluiceSpreadable", reviseTexts(), true);
  addGlobal("$sluicePower", revisePowers(), true);
  for (const [name, value] of Object.entries(functions)) addGlobal(name, value, true);
  addGlobal("log", { log: (...args: unknown[]) => void writeLog(args) }.log, false);

  return {
    seal: guarded(() => {
      for (const name of Object.keys(functions)) delete (globalThis as Record<string, unknown>)[name];
      for (const [name, value] of Object.entries(emissions.functions)) addGlobal(name, value, true);
      const [only] = definition.categories;
      if (only !== undefined) category = only;
      return `=${stringify({ definition, handlesCreated: handlers.created.length > 0 } satisfies Sealed)}`;
    }),
    load: guarded((text) => {
      setOwn(parse(text));
      return "";
    }),
    loadShared: guarded((text) => {
      setShared(parse(text));
      return "";
    }),
    initialize: guarded(() => {
      setOwn(handlers.init === undefined ? {} : handlers.init());
      return "";
    }),
    initializeShared: guarded(() => {
      setShared(handlers.initShared === undefined ? {} : handlers.initShared());
      return "";
    }),
    partition: guarded((message) => {
      const name = handlers.partition?.(eventFrom(message, category));
      // A byte 0 would end a text on its way out.
      if (typeof name === "string") return name.includes("\0") ? stringify(name) : `=${name}`;
      return typeof name === "number" ? `=${numberText(name)}` : "-";
    }),
    created: guarded((message) => {
      const event = eventFrom(message, "");
      for (const handler of handlers.created) handler(state, event);
      return emissions.take();
    }),
    deleted: guarded((partition) => {
      keep(handlers.deleted?.(state, null, parseJson(partition), false));
      // The server takes no emissions of this handler: they go out with those of the next event.
      return answered("");
    }),
    process: guarded((message) => {
      begin(message);
      return finish();
    }),
    begin: guarded((message) => {
      begin(message);
      return "";
    }),
    finish: guarded(finish),
    transform: guarded(() => {
      let result = state;
      for (const { isFilter, run } of handlers.transforms) {
        if (result === null || result === undefined) break;
        if (!isFilter) result = run(result);
        else if (run(result) !== true) result = null;
      }
      return result === null || result === undefined ? "-" : `=${json.write(result)}`;
    }),
    explain: (thrown) => fault(describe(thrown)),
    tellCaught(reword) {
      const told = (thrown: unknown): unknown => {
        const { message, isFinal, ...found } = describe(thrown);
        if (isFinal || !(thrown instanceof Error)) return thrown;
        const text = parseJson(reword(stringify({ message, ...found }))) as string;
        if (text !== message) Reflect.set(thrown, "message", text);
        return thrown;
      };
      // The name is that of `CAUGHT`, beside `tellCaught` outside.
      addGlobal("$sluiceCaught", told, true);
    },
  };

  function begin(message: string): void {
    const event = eventFrom(message, category) as { readonly eventType: string; readonly bodyRaw: string | null };
    const handler = handlers.types.get(event.eventType) ?? handlers.any;
    // Without any handler the state is the body's text (corrections 3.1).
    keep(handler === undefined ? event.bodyRaw : handler(state, event));
  }

  function keep(returned: unknown): void {
    if (returned !== undefined) state = returned;
  }

  function finish(): string {
    return answered(emissions.take());
  }

  function answered(emitted: string): string {
    let own = state;
    let shared = "";
    if (definition.biState) {
      if (!Array.isArray(state) || state[1] === null || state[1] === undefined) {
        return fault({ message: "Value cannot be null. (Parameter 'data')", isBare: true, isFinal: true });
      }
      own = state[0];
      shared = json.write(state[1]);
    }
    const text = own === null || own === undefined ? null : typeof own === "string" ? own : json.write(own);
    if (text === lastOwn && shared === lastShared) return emitted === "" ? "" : `u${emitted}\n${shared}\n`;
    lastOwn = text;
    lastShared = shared;
    if (text === null) return `n${emitted}\n${shared}\n`;
    return typeof own === "string" ? `j${emitted}\n${shared}\n${stringify(text)}` : `s${emitted}\n${shared}\n${text}`;
  }

  function setOwn(value: unknown): void {
    if (!definition.biState) state = value;
    else pair()[0] = value;
  }

  function setShared(value: unknown): void {
    if (definition.biState) pair()[1] = value;
  }

  function pair(): unknown[] {
    if (Array.isArray(state)) return state;
    const fresh: unknown[] = [undefined, undefined];
    state = fresh;
    return fresh;
  }

  /** Texts as they are between bytes 1, or as a JSON list behind a byte 2 where one of them holds such a byte. */
  function eventFrom(message: string, itsCategory: string | null): object {
    const parts = message[0] === "\x02" ? (parseJson(message.slice(1)) as string[]) : message.split("\x01");
    if (parts[9] === "1") emissions.nextEvent();
    return events.make(parts, itsCategory);
  }

  function guarded(run: (text: string) => string): (text?: string) => string {
    return (text = "") => {
      try {
        const answer = run(text);
        const message = fatal.failed();
        return message === undefined ? answer : fault({ message, isFinal: true });
      } catch (thrown) {
        return fault(describe(thrown));
      }
    };
  }

  function fault(thrown: ThrownValue): string {
    return `!${stringify(thrown)}`;
  }

  function describe(thrown: unknown): ThrownValue {
    const message = fatal.failed();
    if (message !== undefined) return { message, isFinal: true };
    if ((typeof thrown !== "object" || thrown === null) && typeof thrown !== "function") {
      return { message: String(thrown), isFinal: true };
    }
    const { message: own, stack } = thrown as { readonly message?: unknown; readonly stack?: unknown };
    // Of a runaway recursion the first lines say enough.
    const trace = thrown instanceof Error && typeof stack === "string" ? stack.slice(0, 500) : "";
    return { message: String(own), refused: events.refused(), stack: trace };
  }

  function addGlobal(name: string, value: unknown, isWritable: boolean): void {
    Object.defineProperty(globalThis, name, { value, writable: isWritable, enumerable: false, configurable: true });
  }

  function writeLog(args: readonly unknown[]): void {
    const texts = args.map((value) => {
      if ((typeof value === "object" && value !== null) || typeof value === "function") return json.write(value);
      return String(value);
    });
    if (texts.length > 0) log(texts.join(" ,"));
  }
}
