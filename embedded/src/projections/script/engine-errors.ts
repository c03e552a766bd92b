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
  const [, callee = "", from] = /^\s*at (\S+) \((native)?/.exec(stack) ?? [];
  // An error of the parser has one line for a trace, which names no function.
  if (place !== undefined && /^\s*at query:\d+:\d+\s*$/.test(stack)) return syntaxFault(message, place);
  for (const [pattern, wording] of WORDINGS) {
    const match = pattern.exec(message);
    if (match !== null)
      return wording({
        name: match[1] ?? "",
        other: match[2] ?? "",
        refused,
        callee,
        isNative: from !== undefined,
        place,
      });
  }
  return message;
}

interface Mistake {
  /** What the message names. */
  readonly name: string;
  readonly other: string;
  readonly refused: string;
  /** The function in which it arose. */
  readonly callee: string;
  /** That function is the engine's own. */
  readonly isNative: boolean;
  readonly place: QueryPlace | undefined;
}

const WORDINGS: readonly (readonly [RegExp, (mistake: Mistake) => string])[] = [
  [/^cannot read property 'Symbol\.iterator' of /, () => "Cannot convert undefined or null to object"],
  [
    /^cannot read property '(.*)' of (null|undefined)$/s,
    ({ name, other }) => `Cannot read property '${name}' of ${other}`,
  ],
  [
    // The server looks at the object before it assigns.
    /^cannot set property '(.*)' of (null|undefined)$/s,
    ({ name, other }) => `Cannot read property '${name}' of ${other}`,
  ],
  [
    /^cannot (?:read|set) property of (null|undefined)$/,
    ({ name, place }) => `Cannot read property '${propertyAt(place)}' of ${name}`,
  ],
  [
    /^this is not initialized$/,
    () => "Must call super constructor in derived class before accessing 'this' or returning from derived constructor",
  ],
  [/^'(.*)' is not defined$/s, ({ name }) => `${name} is not defined`],
  [/^(.*) is not initialized$/s, ({ name }) => `${name} has not been initialized`],
  [/^'(.*)' is read-only$/s, readOnly],
  [/^proxy: cannot set property$/, ({ refused }) => readOnlyProperty(refused)],
  [/^object is not extensible$|^no setter for property$/, ({ place }) => readOnlyProperty(propertyAt(place))],
  [/^could not delete property$/, ({ place }) => `Cannot delete property '${propertyAt(place)}' of [object Object]`],
  [/^not a function$/, notAFunction],
  [/^not a constructor$/, notAConstructor],
  [/^value is not iterable$/, notIterable],
  [/^invalid array length$/, () => "Invalid array length"],
  [/^invalid repeat count$/, () => "Invalid count value"],
  [/^invalid 'in' operand$/, () => "in can only be used with an object"],
  [/^cannot convert to object$/, () => "Cannot convert undefined or null to object"],
  [/^cannot convert symbol to (string|number)$/, ({ name }) => `Cannot convert a Symbol value to a ${name}`],
  [/^cannot convert bigint to number$/, () => "Cannot mix BigInt and other types, use explicit conversions"],
  [/^cannot convert to BigInt: not an integer$|^cannot convert NaN or Infinity to BigInt$/, notAnInteger],
  [/^toPrimitive$|^Date value is NaN$/, () => ""],
  [/^parent class must be constructor$/, () => "super class is not a constructor"],
  [
    /^regexp must have the 'g' flag$/,
    ({ callee }) => `String.prototype.${callee} called with a non-global RegExp argument`,
  ],
  [
    /^class constructors must be invoked with 'new'$/,
    ({ callee }) => `Class constructor ${callee} cannot be invoked without 'new'`,
  ],
  [/^empty array$/, () => "Reduce of empty array with no initial value"],
  [/^expecting (?:hex digit|surrogate pair)$/, () => "URI malformed"],
  [/^invalid number of digits$/, digits],
  [/^invalid code point$/, ({ place }) => `Invalid code point ${argumentAt(place)}`],
  [/^bad normalization form$/, () => "The normalization form should be one of NFC, NFD, NFKC, NFKD."],
  [/^must be called with new$/, ({ callee }) => `Constructor ${callee} requires 'new'`],
  [/^invalid bigint literal$/, ({ place }) => `Cannot convert ${argumentAt(place)} to a BigInt`],
  [/^cannot convert to BigInt$/, ({ place }) => `Cannot convert ${argumentAt(place)} to a BigInt`],
  [/^BigInt division by zero$/, () => "Division by zero"],
  [/^bigint argument with unary \+$/, () => "Cannot convert a BigInt value to a number"],
  [/^invalid 'instanceof' right operand$/, () => "Right-hand side of 'instanceof' is not an object"],
  [
    /^private class field '(.*)' does not exist$/,
    ({ name }) => `Cannot read private member ${name} from an object whose class did not declare it`,
  ],
  [/^circular reference$/, () => "Cyclic reference detected."],
  [/^stack overflow$/, () => "The script recursed too deeply. The real server crashes here."],
  [/^out of memory$/, () => "The script ran out of the memory that a projection may use."],
];

function readOnlyProperty(name: string): string {
  return `Cannot assign to read only property '${name}' of [object Object]`;
}

/** The property that is named at a place: behind a dot or, as a text or number, in brackets. */
function propertyAt(place: QueryPlace | undefined): string {
  const text = place?.after.slice(0, 200) ?? "";
  const dotted = /^\s*\??\.?\s*([\p{L}_$#][\p{L}\p{N}_$]*)/u.exec(text)?.[1];
  return dotted ?? /^\s*(?:\?\.)?\[\s*(['"]?)(.*?)\1\s*\]/s.exec(text)?.[2] ?? "";
}

function readOnly({ name, place }: Mistake): string {
  // A property is named right behind the place, in one way or the other; a variable in front of it, or not far from it.
  const isProperty = place === undefined || /^\s*[.[]/.test(place.after);
  return isProperty ? readOnlyProperty(name) : "Assignment to constant variable.";
}

function digits({ callee }: Mistake): string {
  if (callee === "toPrecision") return "precision must be between 1 and 100";
  return "fractionDigits argument must be between 0 and 100";
}

/** The only argument of the call at a place, where it is written out; `otherwise` is said of any other. */
function argumentAt(place: QueryPlace | undefined, otherwise = "given"): string {
  const text = /^\(\s*(?:(['"])(.*?)\1|([\w.+-]+))\s*\)/s.exec(place === undefined ? "" : callAt(place).rest);
  return text?.[2] ?? text?.[3] ?? otherwise;
}

function notAnInteger({ place }: Mistake): string {
  return `The number ${argumentAt(place)} cannot be converted to a BigInt because it is not an integer`;
}

/** QuickJS does not say what was called; the query does, right before the place of the call. */
function notAFunction({ place, callee, isNative }: Mistake): string {
  if (isNative && callee === "sort") return "The comparison function must be either a function or undefined";
  if (isNative && callee === "Promise") return `Promise resolver ${argumentAt(place, "undefined")} is not a function`;
  if (isNative && callee in Array.prototype) return "Argument must be callable";
  return place === undefined ? "undefined is not a function" : describeCallee(callAt(place).callee);
}

function describeCallee(callee: string): string {
  const constructed = /\bnew\s+([\p{L}\p{N}_$.]+)$/u.exec(callee)?.[1];
  if (constructed !== undefined) return `${constructed} is not a constructor`;
  const name =
    /([\p{L}\p{N}_$#]+)$/u.exec(callee)?.[1] ?? /\[\s*(?:(['"])(.*?)\1|(\d+))\s*\]$/s.exec(callee)?.slice(2).join("");
  if (name !== undefined) return `Property '${name}' of object is not a function`;
  const inner = /\(([^()]*)\)$/.exec(callee)?.[1]?.trim();
  if (inner !== undefined && /^[\p{L}_$][\p{L}\p{N}_$.]*$/u.test(inner)) return describeCallee(inner);
  const isLiteral = inner !== undefined && /^(?:-?[\d.]+|true|false|null|"[^"]*"|'[^']*')$/.test(inner);
  return `${isLiteral ? inner.replace(/^(["'])(.*)\1$/s, "$2") : "undefined"} is not a function`;
}

/**
 * The text up to the parenthesis of the call at a place, and what follows from it on. Of a call that is all of a `return`,
 * QuickJS names the place of the `return`.
 */
function callAt({ before, after }: QueryPlace): { readonly callee: string; readonly rest: string } {
  if (!/^return\b/.test(after)) return { callee: before.slice(-200).trimEnd().replace(/\?\.$/, ""), rest: after };
  let depth = 0;
  let open = 0;
  for (let i = "return".length; i < after.length && i < 2000; i++) {
    const char = after.charAt(i);
    if (depth === 0 && /[;}]/.test(char)) break;
    if (char === "(" && depth === 0) open = i;
    if (/[([{]/.test(char)) depth++;
    else if (/[)\]}]/.test(char)) depth--;
  }
  return { callee: after.slice("return".length, open).trimEnd(), rest: after.slice(open) };
}

/** What is spread is named, if it has a name: the place is that of the name, or somewhat before the dots. */
function notIterable({ place, isNative }: Mistake): string {
  const isNamed = place !== undefined && /\.\.\.\s*$/.test(place.before.slice(-20));
  const isSpread =
    isNamed || /\.\.\.[^,;(){}]*$/.test(place?.before.slice(-100) ?? "") || /^[^;}]*\.\.\./.test(place?.after ?? "");
  if (isNative || !isSpread) return "The value is not iterable";
  // What stands for a spread of its own was not written by the query.
  return `${(isNamed && /^(?!\$sluice)[\p{L}_$][\p{L}\p{N}_$]*/u.exec(place.after)?.[0]) || ""} is not iterable`;
}

function notAConstructor({ place }: Mistake): string {
  return `${/\bnew\s+(\S+)\s*$/.exec(place?.before.slice(-200) ?? "")?.[1] ?? "object"} is not a constructor`;
}
