import type * as t from "@babel/types";
import type { ModuleMap } from "./modules.ts";
import type { ParsedSource } from "./parsed-source.ts";
import type { Binding, Scope } from "./scope.ts";
import { bare, type FunctionNode, isFunction, memberName, placeOf, propertyName } from "./syntax.ts";
import { TRANSPORT, TRANSPORT_NAMES } from "./transport.ts";
import { isUnreadable, type Unreadable, type UnreadableReason } from "./unreadable.ts";

/** Where an expression stands: the names it sees, and what the functions around it were called with. */
export interface Context {
  readonly scope: Scope;
  readonly call?: Call | undefined;
}

/** A call of a function of the workspace's own, into which it was followed. */
interface Call {
  readonly of: FunctionNode;
  readonly node: t.Node;
  readonly given: readonly t.Node[];
  readonly from: Context;
  /** Where the function is declared, which may lie within another that was called. */
  readonly declared: Context;
}

/** What an expression comes to, as far as it can be followed. */
export type Value =
  | { readonly kind: "expression"; readonly node: t.Expression; readonly at: Context }
  | { readonly kind: "function"; readonly node: FunctionNode; readonly at: Context }
  | { readonly kind: "enumeration"; readonly node: t.TSEnumDeclaration; readonly at: Context }
  /** Something that the transport exports; `*` is all of it. */
  | { readonly kind: "transport"; readonly name: string }
  /** All that a module of the workspace offers. */
  | { readonly kind: "module"; readonly uri: string };

/** Follows expressions to what they come to, over variables, modules and functions that only return. Never runs anything. */
export class Resolver {
  /** Values that no call has a part in. */
  readonly #known = new Map<t.Node, Value | Unreadable>();
  readonly #sources: ReadonlyMap<string, ParsedSource>;
  readonly #modules: ModuleMap;
  readonly #active = new Set<t.Node>();
  readonly #wanted = new Set<string>();

  constructor(sources: ReadonlyMap<string, ParsedSource>, modules: ModuleMap) {
    this.#sources = sources;
    this.#modules = modules;
  }

  /** Files that something was looked for in, and that are not among the sources. */
  get wanted(): ReadonlySet<string> {
    return this.#wanted;
  }

  source(uri: string): ParsedSource | undefined {
    return this.#sources.get(uri);
  }

  /** The context within a node that has names of its own. */
  inside(node: t.Node, at: Context): Context {
    const scope = this.#sources.get(at.scope.uri)?.scopes.get(node);
    return scope === undefined ? at : { ...at, scope };
  }

  value(node: t.Node, at: Context): Value | Unreadable {
    const known = at.call === undefined ? this.#known.get(node) : undefined;
    if (known !== undefined) return known;
    // What leads back to itself is nothing that a program could run either.
    if (this.#active.has(node)) return unreadable(node, at, { kind: "not-constant" });
    this.#active.add(node);
    try {
      const value = this.#value(node, at);
      if (at.call === undefined) this.#known.set(node, value);
      return value;
    } finally {
      this.#active.delete(node);
    }
  }

  /** What an option of an object literal says; undefined where it does not say it. */
  option(options: t.Node | undefined, name: string, at: Context): Value | Unreadable | undefined {
    if (options === undefined) return undefined;
    const value = this.value(options, at);
    if (isUnreadable(value)) return value;
    return value.kind === "expression" && value.node.type === "ObjectExpression"
      ? this.#property(value.node, name, value.at)
      : unreadable(options, at, { kind: "unexpected", wanted: "options" });
  }

  #member(value: Value, name: string, node: t.Node, at: Context): Value | Unreadable {
    if (value.kind === "module") return this.#exported(value.uri, name, node, at);
    if (value.kind === "transport") {
      return value.name === "*" ? { kind: "transport", name } : unreadable(node, at, { kind: "not-constant" });
    }
    if (value.kind === "expression" && value.node.type === "ObjectExpression") {
      return this.#property(value.node, name, value.at) ?? unreadable(node, at, { kind: "unknown-name", name });
    }
    return unreadable(node, at, { kind: "not-constant" });
  }

  #value(written: t.Node, at: Context): Value | Unreadable {
    if (isFunction(written)) return { kind: "function", node: written, at };
    const node = bare(written as t.Expression);
    if (isFunction(node)) return { kind: "function", node, at };
    switch (node.type) {
      case "Identifier": {
        const found = at.scope.find(node.name);
        if (found === undefined) return unreadable(node, at, { kind: "unknown-name", name: node.name });
        return this.#bound(node, node.name, found.binding, { ...at, scope: found.scope });
      }
      case "MemberExpression":
      case "OptionalMemberExpression": {
        const name = memberName(node);
        const object = this.value(node.object, at);
        if (isUnreadable(object)) return object;
        // A member of something that is no plain object, such as the type of a message, is for those to read who know it.
        if (name === undefined || object.kind === "enumeration") return { kind: "expression", node, at };
        if (object.kind === "expression" && object.node.type !== "ObjectExpression")
          return { kind: "expression", node, at };
        return this.#member(object, name, node, at);
      }
      case "ImportExpression":
        return node.source.type === "StringLiteral"
          ? this.#module(node.source.value, node, at)
          : unreadable(node, at, { kind: "not-constant" });
      case "CallExpression":
        return this.#called(node, at);
      case "ConditionalExpression":
      case "LogicalExpression":
        return unreadable(node, at, { kind: "conditional" });
      default:
        return { kind: "expression", node, at };
    }
  }

  #bound(node: t.Node, name: string, binding: Binding, at: Context): Value | Unreadable {
    switch (binding.kind) {
      case "import":
        return this.#imported(binding.module, binding.name, node, at);
      case "function":
        return { kind: "function", node: binding.node, at };
      case "enumeration":
        return { kind: "enumeration", node: binding.node, at };
      case "constant":
        return this.#members(this.value(binding.value, at), binding.members, node, at);
      case "parameter": {
        const call = callOf(binding.of, at);
        const given = call?.given[binding.index];
        if (call === undefined || given === undefined) return unreadable(node, at, { kind: "parameter", name });
        return this.#members(this.value(given, call.from), binding.members, node, at);
      }
      case "changing":
        return unreadable(node, at, { kind: "changing", name });
    }
  }

  #members(value: Value | Unreadable, names: readonly string[], node: t.Node, at: Context): Value | Unreadable {
    return names.reduce<Value | Unreadable>(
      (found, name) => (isUnreadable(found) ? found : this.#member(found, name, node, at)),
      value,
    );
  }

  /** `require`, `Object.freeze`, and functions of the workspace that only return; any other call stays what it is. */
  #called(node: t.CallExpression, at: Context): Value | Unreadable {
    const { callee, arguments: given } = node;
    const [first] = given;
    if (callee.type === "Identifier" && callee.name === "require" && at.scope.find("require") === undefined) {
      return first?.type === "StringLiteral"
        ? this.#module(first.value, node, at)
        : unreadable(node, at, { kind: "not-constant" });
    }
    const freezes =
      callee.type === "MemberExpression" &&
      callee.object.type === "Identifier" &&
      callee.object.name === "Object" &&
      memberName(callee) === "freeze";
    if (freezes && first !== undefined) return this.value(first, at);
    if (callee.type === "Super" || callee.type === "Import" || callee.type === "V8IntrinsicIdentifier") {
      return { kind: "expression", node, at };
    }
    const called = this.value(callee, at);
    if (isUnreadable(called) || called.kind !== "function") return { kind: "expression", node, at };
    const returned = returnedBy(called.node);
    if (returned === undefined || given.some(({ type }) => type === "SpreadElement")) {
      return unreadable(node, at, { kind: "not-constant" });
    }
    return this.value(returned, this.within(called.node, node, called.at, at));
  }

  /** The context within a function of the workspace that is called by a node. */
  within(of: FunctionNode, node: t.CallExpression, declared: Context, from: Context): Context {
    const { scope } = this.inside(of.body, this.inside(of, declared));
    return { scope, call: { of, node, given: node.arguments, from, declared } };
  }

  #property(node: t.ObjectExpression, name: string, at: Context): Value | Unreadable | undefined {
    for (const property of node.properties.toReversed()) {
      if (property.type === "SpreadElement") {
        const spread = this.value(property.argument, at);
        if (isUnreadable(spread)) return spread;
        const isObject = spread.kind === "expression" && spread.node.type === "ObjectExpression";
        if (!isObject && spread.kind !== "module") return unreadable(property, at, { kind: "not-constant" });
        const found =
          spread.kind === "module"
            ? this.#exported(spread.uri, name, property, at)
            : this.#property(spread.node as t.ObjectExpression, name, spread.at);
        if (found !== undefined) return found;
        continue;
      }
      const own = propertyName(property);
      if (own === undefined) return unreadable(property, at, { kind: "not-constant" });
      if (own !== name) continue;
      return property.type === "ObjectMethod" && property.kind !== "method"
        ? unreadable(property, at, { kind: "not-constant" })
        : this.value(property.type === "ObjectMethod" ? property : property.value, at);
    }
    return undefined;
  }

  #imported(module: string, name: string, node: t.Node, at: Context): Value | Unreadable {
    const found = this.#module(module, node, at);
    if (isUnreadable(found) || name === "*") return found;
    return this.#member(found, name, node, at);
  }

  #module(module: string, node: t.Node, at: Context): Value | Unreadable {
    if (module === TRANSPORT) return { kind: "transport", name: "*" };
    const uri = this.#modules.find(at.scope.uri, module);
    return uri === undefined ? unreadable(node, at, { kind: "outside", module }) : { kind: "module", uri };
  }

  #exported(uri: string, name: string, node: t.Node, at: Context): Value | Unreadable {
    return (
      this.#exportedBy(uri, name, node, at, new Set()) ??
      unreadable(node, at, { kind: "not-exported", module: uri, name })
    );
  }

  #exportedBy(uri: string, name: string, node: t.Node, at: Context, seen: Set<string>): Value | Unreadable | undefined {
    const source = this.#sources.get(uri);
    if (source === undefined) this.#wanted.add(uri);
    if (source === undefined || seen.has(uri)) return undefined;
    seen.add(uri);
    const here: Context = { scope: source.scope };
    const entry = source.exports.get(name);
    if (entry?.kind === "expression") return this.value(entry.value, here);
    if (entry?.kind === "from") return this.#imported(entry.module, entry.name, source.program, here);
    if (entry?.kind === "local") {
      const found = source.scope.find(entry.name);
      return found && this.#bound(node, entry.name, found.binding, here);
    }
    const whole = source.exports.get("module.exports");
    if (whole?.kind === "expression") {
      const value = this.value(whole.value, here);
      return isUnreadable(value) ? value : this.#member(value, name, node, at);
    }
    if (name === "default") return undefined;
    // A module that cannot be found could offer it, too: then it is that which is told.
    let unfound: Unreadable | undefined;
    for (const module of source.exportsAllOf) {
      const all = this.#module(module, source.program, here);
      if (isUnreadable(all)) unfound ??= all;
      else if (all.kind === "module") {
        const found = this.#exportedBy(all.uri, name, node, at, seen);
        if (found !== undefined) return found;
      } else if (TRANSPORT_NAMES.has(name)) return { kind: "transport", name };
    }
    return unfound;
  }
}

export const unreadable = (node: t.Node, at: Context, reason: UnreadableReason): Unreadable => ({
  reason,
  place: placeOf(at.scope.uri, node),
});

function callOf(of: FunctionNode, { call }: Context): Call | undefined {
  if (call === undefined || call.of === of) return call;
  return callOf(of, call.declared) ?? callOf(of, call.from);
}

/** The outermost place from which an expression was reached: a call, where it stands in functions that were followed. */
export function origin(node: t.Node, at: Context): { readonly node: t.Node; readonly uri: string } {
  let [outer, { scope, call }] = [node, at];
  while (call !== undefined) [outer, { scope, call }] = [call.node, call.from];
  return { node: outer, uri: scope.uri };
}

/** What a function returns that does nothing else. */
export function returnedBy({ body, async: isAsync, generator }: FunctionNode): t.Expression | undefined {
  if (isAsync || generator === true) return undefined;
  if (body.type !== "BlockStatement") return body;
  const last = body.body.at(-1);
  const isPlain = body.body.every(({ type }) => type === "VariableDeclaration" || type === "ReturnStatement");
  return isPlain && last?.type === "ReturnStatement" ? (last.argument ?? undefined) : undefined;
}
