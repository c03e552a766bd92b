import type { Fatal } from "./fatal.ts";
import type { JsonWriter } from "./json-writer.ts";
import { numberText } from "./number-text.ts";

/** An emission on its way out of the sandbox. */
export type SentEmission = readonly [
  stream: string,
  type: string,
  isJson: 0 | 1,
  data: string,
  metadata: readonly (readonly [name: string, json: string])[] | 0,
  isEarlier: 0 | 1,
];

/** The functions by which scripts write, and what they have written. */
export interface Emissions {
  /** By their names in the script's world. */
  readonly functions: Readonly<Record<string, (...args: never[]) => unknown>>;
  /** Says that what is emitted from now on belongs to another event than before. */
  nextEvent(): void;
  /** What was emitted since last asked, as JSON; "" for nothing. */
  take(): string;
}

/**
 * `emit`, `linkTo`, `linkStreamTo` and `copyTo`: what they accept, and how they refuse the rest
 * (goldens `projection-output/emit-*`, `link-*`). Runs inside the sandbox; see `source.ts`.
 */
export function makeEmissions({ fail }: Fatal, json: JsonWriter): Emissions {
  const { stringify } = JSON;
  let emitted: [...SentEmission][] = [];
  let turn = 0;
  let turns: number[] = [];

  /* The arguments are counted, so that undefined is not the same as absent; the names make up the functions' lengths. */
  function emit(_stream: unknown, _type: unknown, _body: unknown, _metadata: unknown): void {
    const args = arguments;
    if (args.length < 3) fail("invalid number of parameters");
    const stream = name(args[0], "streamId");
    const type = name(args[1], "eventName");
    const body = object(args[2], "eventBody");
    // A fifth argument makes the fourth forgotten.
    const metadata = args.length === 4 ? args[3] : undefined;
    if (args.length === 4 && !isObject(metadata)) fail("object expected (Parameter 'metadata')");
    const data = json.write(body);
    push(stream, type, 1, data, isObject(metadata) ? emittedMetadata(metadata) : 0);
  }

  function linkTo(_stream: unknown, _event: unknown, _metadata: unknown): void {
    const args = arguments;
    if (args.length !== 2 && args.length !== 3) fail("wrong number of parameters");
    const stream = name(args[0], "streamId");
    const event = object(args[1], "event") as { readonly sequenceNumber?: unknown; readonly streamId?: unknown };
    const number = event.sequenceNumber;
    const source = event.streamId;
    if (typeof number !== "number" || typeof source !== "string") {
      return fail(`Invalid link to event ${String(number)}@${String(source)}`);
    }
    const metadata = args.length === 3 ? linkMetadata(object(args[2], "metaData")) : 0;
    push(stream, "$>", 0, `${wholeNumber(number)}@${source}`, metadata);
  }

  function linkStreamTo(_stream: unknown, _linked: unknown, _metadata: unknown): void {
    const args = arguments;
    const stream = name(args[0], "streamId");
    const linked = name(args[1], "linkedStreamId");
    // The server looks for the metadata two places too far.
    if (args.length === 3) fail("The value is not an object");
    push(stream, "$@", 0, linked, 0);
  }

  function copyTo(_stream: unknown, _event: unknown, _metadata: unknown): void {}

  return {
    functions: { emit, linkTo, linkStreamTo, copyTo },
    nextEvent() {
      turn++;
    },
    take() {
      if (emitted.length === 0) return "";
      for (let i = 0; i < emitted.length; i++) if (turns[i] !== turn) (emitted[i] as SentEmission[5][])[5] = 1;
      const text = stringify(emitted);
      emitted = [];
      turns = [];
      return text;
    },
  };

  function push(stream: string, type: string, isJson: 0 | 1, data: string, metadata: SentEmission[4]): void {
    // Nothing was handled yet, as in the first $init: there is no position to tag the emission with.
    if (turn === 0) fail("Value cannot be null. (Parameter 'causedByTag')");
    emitted.push([stream, type, isJson, data, metadata, 0]);
    turns.push(turn);
  }

  /** Values as JSON; those that are undefined are left out. */
  function emittedMetadata(metadata: object): SentEmission[4] {
    const entries = json.entries(metadata).filter(([, value]) => value !== undefined);
    return entries.map(([key, value]) => [key, json.write(value)] as const);
  }

  /** Texts between quotes as they are, nothing for null and undefined: what comes out need not be JSON. */
  function linkMetadata(metadata: object): SentEmission[4] {
    return json.entries(metadata).map(([key, value]) => {
      if (value === null || value === undefined) return [key, ""] as const;
      if (typeof value === "string") return [key, `"${value}"`] as const;
      return [key, typeof value === "number" ? numberText(value) : json.write(value)] as const;
    });
  }

  function isObject(value: unknown): value is object {
    return (typeof value === "object" && value !== null) || typeof value === "function";
  }

  function object(value: unknown, parameter: string): object {
    if (isObject(value)) return value;
    if (value === null || value === undefined) fail(`Value cannot be null. (Parameter '${parameter}')`);
    return fail(`object expected (Parameter '${parameter}')`);
  }

  function name(value: unknown, parameter: string): string {
    if (typeof value === "string" && (value.charCodeAt(0) > 32 || value.trim() !== "")) return value;
    if (value === null || value === undefined || typeof value === "string") {
      fail(`Value cannot be null. (Parameter '${parameter}')`);
    }
    return fail(`string expected (Parameter '${parameter}')`);
  }

  /** As the server cuts a number to 64 bits: what does not fit becomes the smallest one. */
  function wholeNumber(value: number): string {
    if (Number.isSafeInteger(value)) return String(value);
    return Math.abs(value) < 2 ** 63 ? String(BigInt(Math.trunc(value))) : "-9223372036854775808";
  }
}
