import { placeInQuery, type QueryPlace } from "./query-place.ts";
import { syntaxFault } from "./syntax-errors.ts";
import type { ThrownValue } from "./world/world.ts";

/**
 * What was thrown, in the words of the server's engine: where QuickJS made the message, its wording is replaced
 * (golden `projection-language/fault-texts-of-the-engine`). A message that a script made itself stays, unless it happens to be
 * one of QuickJS.
 */
export function engineFault({ message, isFinal, stack = "", refused = "" }: ThrownValue, query: string): string {
  if (isFinal) return message;
  const place = placeInQuery(query, stack);
  // An error of the parser has one line for a trace, which names no function.
  if (place !== undefined && /^\s*at query:\d+:\d+\s*$/.test(stack)) return syntaxFault(message, place);
  for (const [pattern, wording] of WORDINGS) {
    const match = pattern.exec(message);
    if (match !== null) return wording({ name: match[1] ?? "", other: match[2] ?? "", refused, place });
  }
  return message;
}

interface Mistake {
  /** What the message names. */
  readonly name: string;
  readonly other: string;
  readonly refused: string;
  readonly place: QueryPlace | undefined;
}

const WORDINGS: readonly (readonly [RegExp, (mistake: Mistake) => string])[] = [
  [
    /^cannot read property '(.*)' of (null|undefined)$/s,
    ({ name, other }) => `Cannot read property '${name}' of ${other}`,
  ],
  [
    /^cannot set property '(.*)' of (null|undefined)$/s,
    ({ name, other }) => `Cannot set property '${name}' of ${other}`,
  ],
  [/^'(.*)' is not defined$/s, ({ name }) => `${name} is not defined`],
  [/^(.*) is not initialized$/s, ({ name }) => `${name} has not been initialized`],
  [/^'(.*)' is read-only$/s, readOnly],
  [/^proxy: (?:cannot set property|inconsistent set)|^proxy: .*set/, ({ refused }) => readOnlyProperty(refused)],
  [/^not a function$/, notAFunction],
  [
    /^not a constructor$/,
    ({ place }) => `${/\bnew\s+(.*?)\s*$/s.exec(lastLine(place))?.[1] ?? "object"} is not a constructor`,
  ],
  [
    /^value is not iterable$/,
    ({ place }) => `${/\.\.\.\s*([\p{L}_$][\w$]*)/u.exec(nextBracket(place))?.[1] ?? ""} is not iterable`,
  ],
  [/^invalid array length$/, () => "Invalid array length"],
  [/^invalid repeat count$/, () => "Invalid count value"],
  [/^invalid 'in' operand$/, () => "in can only be used with an object"],
  [/^cannot convert to object$/, () => "Cannot convert undefined or null to object"],
  [/^cannot convert symbol to (string|number)$/, ({ name }) => `Cannot convert a Symbol value to a ${name}`],
  [/^cannot convert bigint to number$/, () => "Cannot mix BigInt and other types, use explicit conversions"],
  [/^cannot convert to BigInt: not an integer$/, notAnInteger],
  [/^class constructors must be invoked with 'new'$/, () => "Class constructor cannot be invoked without 'new'"],
  [/^circular reference$/, () => "Cyclic reference detected."],
  [/^stack overflow$/, () => "The script recursed too deeply. The real server crashes here."],
  [/^out of memory$/, () => "The script ran out of the memory that a projection may use."],
];

function readOnlyProperty(name: string): string {
  return `Cannot assign to read only property '${name}' of [object Object]`;
}

function readOnly({ name, place }: Mistake): string {
  const isVariable = place !== undefined && place.after.startsWith(name) && !/\.\s*$/.test(place.before);
  return isVariable ? "Assignment to constant variable." : readOnlyProperty(name);
}

function notAnInteger({ place }: Mistake): string {
  const number = /^\(\s*(-?[\d.eE+-]+)\s*\)/.exec(place?.after ?? "")?.[1] ?? "given";
  return `The number ${number} cannot be converted to a BigInt because it is not an integer`;
}

/** QuickJS does not say what was called; the query does, right before the place of the call. */
function notAFunction({ place }: Mistake): string {
  const callee = lastLine(place).trimEnd().replace(/\?\.$/, "");
  const [, name] = /([\p{L}\p{N}_$#]+)$/u.exec(callee) ?? [];
  if (name !== undefined) return `Property '${name}' of object is not a function`;
  const [, key] =
    /\[\s*(?:'([^'\]]*)'|"([^"\]]*)"|([\w$]+))\s*\]$/.exec(callee)?.filter((part) => part !== undefined) ?? [];
  if (key !== undefined) return `Property '${key}' of object is not a function`;
  const [, inner] = /\(([^()]*)\)$/.exec(callee) ?? [];
  if (inner !== undefined && /^(?:[\p{L}_$][\p{L}\p{N}_$]*\.?)+$/u.test(inner))
    return notAFunction({ ...NO_MISTAKE, place: { line: 0, before: inner, after: "" } });
  return `${inner || "undefined"} is not a function`;
}

const NO_MISTAKE = { name: "", other: "", refused: "" };

function lastLine(place: QueryPlace | undefined): string {
  return place?.before.slice(-200) ?? "";
}

/** From the bracket on that an error is placed at. */
function nextBracket(place: QueryPlace | undefined): string {
  return place?.after.slice(0, 200).replace(/[\])].*$/s, "") ?? "";
}
