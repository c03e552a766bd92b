import type * as t from "@babel/types";
import { requireComponentName, requireMessageType } from "@sluice/transport/topology";
import { constantOf, type ReadMember, textOf, unexpected } from "./constants.ts";
import type { MessageDeclaration, MessageKind } from "./declarations.ts";
import { type Context, origin, type Resolver, unreadable, type Value } from "./resolver.ts";
import { bare, placeOf } from "./syntax.ts";
import { isUnreadable, type Unreadable } from "./unreadable.ts";

/** A call such as `command("…", { … })<Body>()`: what it declares, how, and with which body. */
interface Definition {
  readonly kind: MessageKind;
  readonly declaring: t.CallExpression;
  readonly outer: t.CallExpression;
  readonly at: Context;
}

/** Reads definitions of messages: each place gives one declaration, however many names lead to it. */
export class MessageReader {
  readonly #resolver: Resolver;
  readonly #byPlace = new Map<string, MessageDeclaration | Unreadable>();

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  /** All that were read. */
  get all(): readonly MessageDeclaration[] {
    return [...this.#byPlace.values()].flatMap((one) => (isUnreadable(one) ? [] : [one]));
  }

  /** The message that an expression stands for. */
  read(node: t.Node, at: Context): MessageDeclaration | Unreadable {
    const value = this.#resolver.value(node, at);
    if (isUnreadable(value)) return value;
    const definition = this.definition(value);
    return definition === undefined ? unexpected(node, at, "message") : this.#declared(definition);
  }

  /** Tells a definition from any other value. */
  definition(value: Value): Definition | undefined {
    if (value.kind !== "expression" || value.node.type !== "CallExpression") return undefined;
    const inner = value.node.callee.type === "Super" ? undefined : bare(value.node.callee as t.Expression);
    if (inner?.type !== "CallExpression") return undefined;
    const called = this.#resolver.value(inner.callee, value.at);
    if (isUnreadable(called) || called.kind !== "transport" || !isKind(called.name)) return undefined;
    return { kind: called.name, declaring: inner, outer: value.node, at: value.at };
  }

  /** Members that say more than an object literal's: `PlaceOrder.type` is a text. */
  readonly member: ReadMember = (object, name, at) => {
    const message = this.read(object, at);
    if (isUnreadable(message)) return undefined;
    if (name === "type" || name === "kind") return { value: message[name] };
    return name === "to" ? { value: message.to } : undefined;
  };

  #declared(definition: Definition): MessageDeclaration | Unreadable {
    const { node, uri } = origin(definition.outer, definition.at);
    const key = `${uri} ${node.start}`;
    const known = this.#byPlace.get(key);
    if (known !== undefined) return known;
    // One that extends itself would be read for ever.
    this.#byPlace.set(key, unreadable(node, definition.at, { kind: "not-constant" }));
    const declared = this.#read(definition);
    this.#byPlace.set(key, declared);
    return declared;
  }

  #read({ kind, declaring, outer, at }: Definition): MessageDeclaration | Unreadable {
    const [first, options] = declaring.arguments;
    if (first === undefined) return unexpected(declaring, at, "text");
    const type = textOf(first, at, this.#resolver, this.member);
    if (typeof type !== "string") return type;
    const refused = refusal(() => requireMessageType(kind === "event" ? type.replace(/\.\*$/, "") : type));
    if (refused !== undefined) return unreadable(first, at, refused);
    const problems: Unreadable[] = [];
    const { node, uri } = origin(outer, at);
    const source = this.#resolver.source(uri);
    const to = kind === "command" ? this.#owner(options, at, problems) : undefined;
    const body = this.#body(outer, at);
    return {
      kind,
      type,
      ...(to === undefined ? {} : { to }),
      isBase: kind === "event" && this.#isBase(options, at, problems),
      extends: kind === "event" ? this.#bases(options, at, problems) : [],
      identifier: source?.names.get(node) ?? "",
      place: placeOf(uri, node),
      ...(body === undefined ? {} : { body }),
      unreadable: problems,
    };
  }

  #owner(options: t.Node | undefined, at: Context, problems: Unreadable[]): string | undefined {
    const value = this.#resolver.option(options, "to", at);
    if (value === undefined) return undefined;
    const owner =
      isUnreadable(value) || value.kind !== "expression"
        ? value
        : textOf(value.node, value.at, this.#resolver, this.member);
    if (typeof owner === "string") {
      const refused = refusal(() => requireComponentName(owner));
      if (refused !== undefined && options !== undefined) problems.push(unreadable(options, at, refused));
      return owner;
    }
    if (isUnreadable(owner)) problems.push(owner);
    return undefined;
  }

  #isBase(options: t.Node | undefined, at: Context, problems: Unreadable[]): boolean {
    const value = this.#resolver.option(options, "isBase", at);
    if (value === undefined) return false;
    const constant =
      isUnreadable(value) || value.kind !== "expression" ? value : constantOf(value.node, value.at, this.#resolver);
    if ("value" in constant) return constant.value === true;
    if (isUnreadable(constant)) problems.push(constant);
    return false;
  }

  #bases(options: t.Node | undefined, at: Context, problems: Unreadable[]): readonly string[] {
    const value = this.#resolver.option(options, "extends", at);
    if (value === undefined) return [];
    const bases = isUnreadable(value) ? value : this.list(value, options ?? undefined);
    if (isUnreadable(bases)) {
      problems.push(bases);
      return [];
    }
    return [...new Set([...bases.map(({ type }) => type), ...bases.flatMap((base) => base.extends)])];
  }

  /** The messages of a list that is written out. */
  list(value: Value, node: t.Node | undefined): readonly MessageDeclaration[] | Unreadable {
    if (value.kind !== "expression" || value.node.type !== "ArrayExpression") {
      const at = "at" in value ? value.at : undefined;
      const wrong = value.kind === "expression" ? value.node : node;
      return {
        reason: { kind: "unexpected", wanted: "list" },
        place: placeOf(at?.scope.uri ?? "", wrong ?? { start: 0, end: 0 }),
      };
    }
    const messages: MessageDeclaration[] = [];
    for (const element of value.node.elements) {
      if (element === null) continue;
      const message = element.type === "SpreadElement" ? this.#spread(element, value.at) : this.read(element, value.at);
      if (isUnreadable(message)) return message;
      messages.push(...("place" in message ? [message] : message));
    }
    return messages;
  }

  #spread({ argument }: t.SpreadElement, at: Context): readonly MessageDeclaration[] | Unreadable {
    const value = this.#resolver.value(argument, at);
    return isUnreadable(value) ? value : this.list(value, argument);
  }

  #body(outer: t.CallExpression, { scope: { uri } }: Context): MessageDeclaration["body"] {
    const text = this.#resolver.source(uri)?.text ?? "";
    const told = (kind: "type" | "schema", node: t.Node) => ({
      kind,
      text: text.slice(node.start ?? 0, node.end ?? 0),
      place: placeOf(uri, node),
    });
    const [schema] = outer.arguments;
    if (schema !== undefined) return told("schema", schema);
    const [type] = outer.typeArguments?.params ?? [];
    return type === undefined ? undefined : told("type", type);
  }
}

const isKind = (name: string): name is MessageKind => name === "command" || name === "event" || name === "reply";

/** Why the transport refuses something, in its own words. */
export function refusal(check: () => void): { readonly kind: "refused"; readonly sentence: string } | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return { kind: "refused", sentence: error instanceof Error ? error.message : String(error) };
  }
}
