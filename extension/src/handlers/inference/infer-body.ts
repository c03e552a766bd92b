import { type BodyType, UNKNOWN, unionOf } from "./body-type.ts";
import { InexactNumber, parseExactly } from "./inexact-number.ts";
import { Observed } from "./observed.ts";

/** What sampled bodies of one type of message have in common. */
export interface InferredBody {
  /** Undefined where no sample is a JSON object or array, as where bodies are bytes. */
  readonly type: BodyType | undefined;
  /** Bodies it was inferred from. */
  readonly samples: number;
  /** Bodies that are no JSON object or array, so that no message can have them. */
  readonly passedOver: number;
}

/** Texts seen before they are taken for one of a few: each often enough, and not many different ones. */
const LITERALS = { atLeast: 12, eachAtLeast: 3, different: 8, length: 40 };
/** Texts that tell one thing from another, which are few only because few things were seen. */
const NAMES_A_THING = /(?:^|[_-])(?:id|key|no)$|(?:Id|ID|Key|No)$|(?:number|name|email|text)$/i;
/** Members beyond which an object's keys are taken for data, and below which never. */
const KEYS_ARE_DATA = { beyond: 64, atLeast: 8 };

/**
 * Infers the type of bodies from samples, each a JSON text: a member that not all have is optional, texts that repeat are literals,
 * and what differs is a union. Every sample conforms to it. The same samples give the same type; members stand in the order in
 * which they were first seen.
 */
export function inferBody(bodies: Iterable<string>): InferredBody {
  const seen = new Observed();
  let passedOver = 0;
  for (const body of bodies) {
    const parsed = parseExactly(body);
    // Only objects and arrays are bodies; what is a text or a number alone is not what a message of the transport has.
    if (parsed === undefined || !isObject(parsed.value)) passedOver += 1;
    else seen.add(parsed.value);
  }
  return { type: seen.count === 0 ? undefined : typeOf(seen, ""), samples: seen.count, passedOver };
}

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !(value instanceof InexactNumber);

function typeOf(seen: Observed, name: string): BodyType {
  if (seen.deep > 0) return UNKNOWN;
  const types: BodyType[] = [];
  if (seen.objects > 0) types.push(objectType(seen, name));
  if (seen.arrays > 0)
    types.push({ kind: "array", element: seen.element === undefined ? UNKNOWN : typeOf(seen.element, name) });
  if (seen.strings > 0) types.push(stringType(seen, name));
  if (seen.numbers > 0) types.push({ kind: "number", isInexact: seen.inexactNumbers > 0 });
  if (seen.booleans > 0) types.push({ kind: "boolean" });
  if (seen.nulls > 0) types.push({ kind: "null" });
  return unionOf(types);
}

function stringType({ strings, dates, datesAndTimes, texts }: Observed, name: string): BodyType {
  if (dates === strings) return { kind: "string", format: "date" };
  if (datesAndTimes === strings) return { kind: "string", format: "date and time" };
  if (texts === undefined || strings < LITERALS.atLeast || NAMES_A_THING.test(name)) return { kind: "string" };
  const values = [...texts.keys()].sort();
  const areFew =
    values.length > 1 &&
    values.length <= LITERALS.different &&
    values.every((value) => /^\p{L}/u.test(value) && value.length <= LITERALS.length) &&
    [...texts.values()].every((times) => times >= LITERALS.eachAtLeast);
  return areFew ? { kind: "literals", values } : { kind: "string" };
}

function objectType({ objects, members }: Observed, name: string): BodyType {
  const value = dataOf(objects, members);
  if (value !== undefined) return { kind: "record", value: typeOf(value, name) };
  return {
    kind: "object",
    members: [...members].map(([name, seen]) => ({
      name,
      type: typeOf(seen, name),
      isOptional: seen.count < objects,
    })),
  };
}

/** What all members hold, where the keys are data: many, of which none is in most objects, and all with values of one kind. */
function dataOf(objects: number, members: ReadonlyMap<string, Observed>): Observed | undefined {
  const all = [...members.values()];
  const areMany =
    all.length > KEYS_ARE_DATA.beyond ||
    (all.length >= KEYS_ARE_DATA.atLeast && all.every(({ count }) => count * 2 <= objects));
  if (!areMany) return undefined;
  const merged = new Observed();
  for (const member of all) merged.merge(member);
  const kinds = [merged.objects, merged.arrays, merged.strings, merged.numbers, merged.booleans];
  return kinds.filter((count) => count > 0).length <= 1 || all.length > KEYS_ARE_DATA.beyond ? merged : undefined;
}
