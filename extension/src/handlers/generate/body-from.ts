import type { BodyType } from "../inference/body-type.ts";
import { memberName, quoted } from "../code-style.ts";
import type { CodeStyle } from "../code-style.ts";

/** How the body of one message is made of another's. */
export type BodyFrom =
  | { readonly expression: (variable: string) => string }
  /** These members are not in the other one; undefined where one of the bodies cannot be read. */
  | { readonly missing: readonly string[] | undefined };

/** Makes a body of one type from one of another, member by member; or says which are missing. */
export function bodyFrom(wanted: BodyType | undefined, given: BodyType | undefined, style: CodeStyle): BodyFrom {
  if (wanted?.kind !== "object" || given?.kind !== "object") return { missing: undefined };
  const missing: string[] = [];
  const taken: string[] = [];
  for (const { name, type, isOptional } of wanted.members) {
    const source = given.members.find((member) => member.name === name);
    const fits = source !== undefined && !source.isOptional && isAssignable(source.type, type);
    if (fits) taken.push(name);
    else if (!isOptional) missing.push(name);
  }
  if (missing.length > 0) return { missing };
  const isWhole = taken.length === given.members.length && taken.length === wanted.members.length;
  if (isWhole) return { expression: (variable) => variable };
  return {
    expression: (variable) =>
      taken.length === 0
        ? "{}"
        : `{ ${taken.map((name) => `${memberName(name, style)}: ${member(variable, name, style)}`).join(", ")} }`,
  };
}

/** A member of a variable. */
export const member = (variable: string, name: string, style: CodeStyle): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) ? `${variable}.${name}` : `${variable}[${quoted(name, style)}]`;

function isAssignable(given: BodyType, wanted: BodyType): boolean {
  if (wanted.kind === "union") return wanted.of.some((one) => isAssignable(given, one));
  if (given.kind === "literals" && wanted.kind === "string") return true;
  if (given.kind === "literals" && wanted.kind === "literals")
    return given.values.every((value) => wanted.values.includes(value));
  if (given.kind === "array" && wanted.kind === "array") return isAssignable(given.element, wanted.element);
  if (given.kind === "object" || given.kind === "record" || given.kind === "unknown")
    return JSON.stringify(given) === JSON.stringify(wanted) && given.kind !== "unknown";
  return given.kind === wanted.kind;
}

/** The member that tells one thing from another, which instances are called by; undefined where none is sure to. */
export function idMember(body: BodyType | undefined): { readonly name: string; readonly isText: boolean } | undefined {
  if (body?.kind !== "object") return undefined;
  const candidates = body.members.filter(
    ({ type, isOptional }) =>
      !isOptional &&
      (type.kind === "string" || type.kind === "number") &&
      !("format" in type && type.format !== undefined),
  );
  const found = NAMES.map((names) => candidates.find(({ name }) => names.test(name))).find((one) => one !== undefined);
  return found === undefined ? undefined : { name: found.name, isText: found.type.kind === "string" };
}

const NAMES = [/(?:^|[_-])id$|Id$|ID$/, /(?:number|key|code)$/i];
