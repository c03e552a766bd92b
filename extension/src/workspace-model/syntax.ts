import type * as t from "@babel/types";
import type { SourcePlace } from "./source-file.ts";

/** A function of any form whose body can be followed. */
export type FunctionNode = t.ArrowFunctionExpression | t.FunctionExpression | t.FunctionDeclaration | t.ObjectMethod;

export const isFunction = (node: t.Node): node is FunctionNode =>
  node.type === "ArrowFunctionExpression" ||
  node.type === "FunctionExpression" ||
  node.type === "FunctionDeclaration" ||
  node.type === "ObjectMethod";

/** Members of nodes that hold no syntax. */
const NO_SYNTAX = new Set(["loc", "leadingComments", "trailingComments", "innerComments", "extra", "errors", "tokens"]);

/** The nodes directly below one, in the order of the source. */
export function* childrenOf(node: t.Node): Generator<t.Node> {
  for (const [key, value] of Object.entries(node)) {
    if (NO_SYNTAX.has(key)) continue;
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value as unknown]) if (isNode(one)) yield one;
  }
}

const isNode = (value: unknown): value is t.Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" && "start" in value;

export const placeOf = (uri: string, { start, end }: Pick<t.Node, "start" | "end">): SourcePlace => ({
  uri,
  start: start ?? 0,
  end: end ?? 0,
});

/** The tree says either where it has nothing. */
export const isThere = <Value>(value: Value | null | undefined): value is Value =>
  value !== null && value !== undefined;

/** What is meant within parentheses, types that are asserted, and `await`. */
export function bare(node: t.Expression): t.Expression {
  let inner = node;
  for (;;) {
    switch (inner.type) {
      case "ParenthesizedExpression":
      case "TSAsExpression":
      case "TSSatisfiesExpression":
      case "TSNonNullExpression":
      case "TSTypeAssertion":
      case "TSInstantiationExpression":
        inner = inner.expression;
        break;
      case "AwaitExpression":
        inner = inner.argument;
        break;
      default:
        return inner;
    }
  }
}

/** The name of a member: `a.b`, `a["b"]`. Undefined where it is made while the program runs. */
export function memberName({
  property,
  computed,
}: Pick<t.MemberExpression | t.OptionalMemberExpression, "property" | "computed">): string | undefined {
  if (!computed) return property.type === "Identifier" ? property.name : undefined;
  return property.type === "StringLiteral" ? property.value : undefined;
}

/** The name of a property of an object or a pattern. */
export function propertyName({ key, computed }: Pick<t.ObjectProperty | t.ObjectMethod, "key" | "computed">) {
  if (!computed && key.type === "Identifier") return key.name;
  return key.type === "StringLiteral" ? key.value : undefined;
}
