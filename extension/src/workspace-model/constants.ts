import type * as t from "@babel/types";
import { type Context, type Resolver, unreadable } from "./resolver.ts";
import { bare, isThere, memberName, placeOf } from "./syntax.ts";
import { isUnreadable, type Unreadable, type Wanted } from "./unreadable.ts";

/** A value that is the same each time the program runs. */
export interface Constant {
  readonly value: string | number | boolean | undefined;
}

/** Reads a member of something that is no plain object, such as the type of a message. */
export type ReadMember = (object: t.Expression, member: string, at: Context) => Constant | undefined;

/** A text, number or boolean that an expression always comes to. */
export function constantOf(
  node: t.Node,
  at: Context,
  resolver: Resolver,
  readMember: ReadMember = () => undefined,
): Constant | Unreadable {
  const found = resolver.value(node, at);
  if (isUnreadable(found)) {
    // `undefined` is a name that nobody declares.
    return found.reason.kind === "unknown-name" && found.reason.name === "undefined" ? { value: undefined } : found;
  }
  if (found.kind !== "expression") return unreadable(node, at, { kind: "not-constant" });
  const { node: expression, at: there } = found;
  const read = (inner: t.Node): Constant | Unreadable => constantOf(inner, there, resolver, readMember);
  switch (expression.type) {
    case "StringLiteral":
    case "NumericLiteral":
    case "BooleanLiteral":
      return { value: expression.value };
    case "TemplateLiteral":
      return template(expression, read);
    case "UnaryExpression": {
      const inner = read(expression.argument);
      if (expression.operator === "-" && "value" in inner && typeof inner.value === "number")
        return { value: -inner.value };
      return unreadable(expression, there, { kind: "not-constant" });
    }
    case "BinaryExpression": {
      const [left, right] = [read(expression.left), read(expression.right)];
      if (isUnreadable(left)) return left;
      if (isUnreadable(right)) return right;
      return (
        computed(expression.operator, left.value, right.value) ??
        unreadable(expression, there, { kind: "not-constant" })
      );
    }
    case "MemberExpression":
    case "OptionalMemberExpression": {
      const name = memberName(expression);
      const object = bare(expression.object as t.Expression);
      const member =
        name === undefined ? undefined : (enumerated(object, name, there, resolver) ?? readMember(object, name, there));
      return member ?? unreadable(expression, there, { kind: "not-constant" });
    }
    default:
      return unreadable(expression, there, { kind: "not-constant" });
  }
}

/** As {@link constantOf}, for what must be a text. */
export function textOf(node: t.Node, at: Context, resolver: Resolver, readMember?: ReadMember): string | Unreadable {
  const constant = constantOf(node, at, resolver, readMember);
  if (isUnreadable(constant)) return constant;
  return typeof constant.value === "string" ? constant.value : unexpected(node, at, "text");
}

/** What is not what it had to be. */
export const unexpected = (node: t.Node, at: Context, wanted: Wanted): Unreadable => ({
  reason: { kind: "unexpected", wanted },
  place: placeOf(at.scope.uri, node),
});

function template({ quasis, expressions }: t.TemplateLiteral, read: (node: t.Node) => Constant | Unreadable) {
  let text = quasis[0]?.value.cooked ?? "";
  for (const [index, expression] of expressions.entries()) {
    const hole = read(expression);
    if (isUnreadable(hole)) return hole;
    text += `${String(hole.value)}${quasis[index + 1]?.value.cooked ?? ""}`;
  }
  return { value: text };
}

function computed(operator: string, left: Constant["value"], right: Constant["value"]): Constant | undefined {
  if (operator === "+" && (typeof left === "string" || typeof right === "string")) return { value: `${left}${right}` };
  if (typeof left !== "number" || typeof right !== "number") return undefined;
  switch (operator) {
    case "+":
      return { value: left + right };
    case "-":
      return { value: left - right };
    case "*":
      return { value: left * right };
    case "/":
      return { value: left / right };
    default:
      return undefined;
  }
}

function enumerated(object: t.Expression, name: string, at: Context, resolver: Resolver): Constant | undefined {
  const value = resolver.value(object, at);
  if (isUnreadable(value) || value.kind !== "enumeration") return undefined;
  const member = value.node.body.members.find(({ id }) => (id.type === "Identifier" ? id.name : id.value) === name);
  const constant = !isThere(member?.initializer) ? undefined : constantOf(member.initializer, value.at, resolver);
  return constant === undefined || isUnreadable(constant) ? undefined : constant;
}
