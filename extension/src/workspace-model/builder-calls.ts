import type * as t from "@babel/types";
import type { Builder } from "./declarations.ts";
import { type Context, type Resolver, unreadable } from "./resolver.ts";
import { bare, childrenOf, type FunctionNode, isFunction, memberName, placeOf } from "./syntax.ts";
import { isUnreadable, type Unreadable } from "./unreadable.ts";

/** A call on a builder, such as `c.handle(…)`. */
export interface BuilderCall {
  readonly method: string;
  readonly node: t.CallExpression;
  readonly at: Context;
  /** It is reached each time the function runs. */
  readonly isCertain: boolean;
}

export interface BuilderCalls {
  readonly builder?: Builder;
  readonly calls: readonly BuilderCall[];
  readonly unreadable: readonly Unreadable[];
}

const BRANCHES: ReadonlySet<string> = new Set([
  "IfStatement",
  "ConditionalExpression",
  "LogicalExpression",
  "SwitchStatement",
  "TryStatement",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "WhileStatement",
  "DoWhileStatement",
  "ClassBody",
]);

/** Finds what is declared by a function that gets a builder, and by those of the workspace that it hands the builder on to. */
export function builderCalls(written: t.Node, at: Context, resolver: Resolver): BuilderCalls {
  const value = resolver.value(written, at);
  if (isUnreadable(value)) return { calls: [], unreadable: [value] };
  if (value.kind !== "function") {
    return { calls: [], unreadable: [unreadable(written, at, { kind: "unexpected", wanted: "function" })] };
  }
  const calls: BuilderCall[] = [];
  const problems: Unreadable[] = [];
  const seen = new Set<FunctionNode>();

  function follow(of: FunctionNode, index: number, outer: Context, isCertain: boolean): void {
    if (seen.has(of)) return void problems.push(unreadable(of, outer, { kind: "handed-on" }));
    seen.add(of);
    /** Something before may have ended the function. */
    let mayHaveEnded = false;

    /** Whether a node names the builder itself; or, where it was taken apart, one of its functions. */
    const builderOf = (node: t.Node, { scope }: Context): readonly string[] | undefined => {
      if (node.type !== "Identifier") return undefined;
      const binding = scope.find(node.name)?.binding;
      return binding?.kind === "parameter" && binding.of === of && binding.index === index
        ? binding.members
        : undefined;
    };

    const methodOf = (callee: t.Node, here: Context): string | undefined => {
      const node = bare(callee as t.Expression);
      const taken = builderOf(node, here);
      if (taken !== undefined) return taken.length === 1 ? taken[0] : undefined;
      if (node.type !== "MemberExpression" && node.type !== "OptionalMemberExpression") return undefined;
      return builderOf(node.object, here)?.length === 0 ? memberName(node) : undefined;
    };

    const handOn = (node: t.CallExpression, here: Context, certain: boolean): boolean => {
      const position = node.arguments.findIndex((given) => builderOf(given, here)?.length === 0);
      if (position < 0) return false;
      const called = resolver.value(node.callee, here);
      const isLeft =
        isUnreadable(called) || called.kind !== "function" || node.arguments.slice(0, position).some(isSpread);
      if (isLeft) problems.push(unreadable(node, here, { kind: "handed-on" }));
      else
        follow(
          called.node,
          position,
          { ...resolver.within(called.node, node, called.at, here), scope: called.at.scope },
          certain,
        );
      for (const [other, given] of node.arguments.entries()) if (other !== position) visit(given, here, false, true);
      return true;
    };

    function visit(node: t.Node, here: Context, certain: boolean, isNested: boolean): void {
      const reached = certain && !mayHaveEnded;
      if (node.type === "CallExpression") {
        const method = methodOf(node.callee, here);
        if (method !== undefined) {
          calls.push({ method, node, at: here, isCertain: reached });
          for (const given of node.arguments) visit(given, here, false, true);
          return;
        }
        if (handOn(node, here, reached)) return;
      }
      if (builderOf(node, here) !== undefined) {
        problems.push(unreadable(node, here, { kind: "handed-on" }));
        return;
      }
      if (isTypeOnly(node)) return;
      const nested = isNested || isFunction(node);
      const inner = resolver.inside(node, here);
      for (const child of valuesOf(node)) {
        visit(child, inner, reached && !BRANCHES.has(node.type) && !isFunction(node), nested);
      }
      if (!isNested && (node.type === "ReturnStatement" || node.type === "ThrowStatement")) mayHaveEnded = true;
    }

    const inside = resolver.inside(of, outer);
    visit(of.body, inside, isCertain, false);
    seen.delete(of);
  }

  follow(value.node, 0, value.at, true);
  return { builder: builderOf(value.node, value.at, calls), calls, unreadable: problems };
}

function builderOf(
  { params, body }: FunctionNode,
  { scope: { uri } }: Context,
  calls: readonly BuilderCall[],
): Builder {
  const [parameter] = params;
  const place = placeOf(uri, body);
  return {
    ...(parameter?.type === "Identifier" ? { parameter: parameter.name } : {}),
    body: place,
    isBlock: body.type === "BlockStatement",
    calls: calls
      .map(({ node, at }) => placeOf(at.scope.uri, node))
      .filter(({ uri: file, start, end }) => file === uri && start >= place.start && end <= place.end),
  };
}

/** What of a node is evaluated: names of members are not. */
function* valuesOf(node: t.Node): Generator<t.Node> {
  const isNamed = "computed" in node && node.computed !== true;
  for (const child of childrenOf(node)) {
    if (isNamed && "property" in node && child === node.property) continue;
    if (isNamed && "key" in node && child === node.key && !("shorthand" in node && node.shorthand === true)) continue;
    yield child;
  }
}

const isTypeOnly = ({ type }: t.Node): boolean =>
  type.startsWith("TS") && !/^TS(?:As|Satisfies|NonNull|Instantiation)Expression$|^TSTypeAssertion$/.test(type);

const isSpread = ({ type }: t.Node): boolean => type === "SpreadElement";
