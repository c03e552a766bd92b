import type * as t from "@babel/types";
import {
  DEFAULT_MESSAGE_TIMEOUT,
  requireCategoryName,
  requireComponentName,
  shapeFrom,
} from "@sluice/transport/topology";
import { type BuilderCall, builderCalls } from "./builder-calls.ts";
import { categoriesOf, handledBy, TAKING } from "./component-parts.ts";
import { textOf, unexpected } from "./constants.ts";
import type {
  ComponentDeclaration,
  EventSourcedDeclaration,
  HandlerDeclaration,
  HandlerKind,
  MessageDeclaration,
  ViewDeclaration,
} from "./declarations.ts";
import { type MessageReader, refusal } from "./message-reader.ts";
import { type Option, OptionReader } from "./option-reader.ts";
import { type Context, origin, type Resolver, unreadable, type Value } from "./resolver.ts";
import { placeOf } from "./syntax.ts";
import { isUnreadable, type Unreadable } from "./unreadable.ts";

/** What the parts of an event-sourced declaration are, and at which place their function and options stand. */
const PARTS: ReadonlyMap<string, { readonly kind: HandlerKind; readonly body?: number; readonly options?: number }> =
  new Map(
    Object.entries({
      decide: { kind: "decide", body: 2, options: 3 },
      startedBy: { kind: "started-by", body: 2, options: 3 },
      on: { kind: "on", body: 2, options: 3 },
      timeout: { kind: "timeout", body: 2 },
      evolve: { kind: "evolve", body: 1 },
      upcast: { kind: "upcast", body: 1 },
      gateway: { kind: "gateway", body: 1 },
      completedBy: { kind: "completed-by" },
    }),
  );

/** A declaration as it was found: a call, and the names it sees. */
interface Call {
  readonly node: t.CallExpression;
  readonly at: Context;
}

/** Collects what is told of one declaration. */
interface Draft {
  readonly handlers: HandlerDeclaration[];
  readonly unreadable: Unreadable[];
  /** Whether all was read that others see of it. */
  isWhole: boolean;
}

/** Reads components, aggregates, process managers and views; each call gives one declaration. */
export class DeclarationReader {
  readonly #resolver: Resolver;
  readonly #messages: MessageReader;
  readonly #options: OptionReader;
  readonly #eventSourced = new Map<string, EventSourcedDeclaration>();
  readonly #views = new Map<string, ViewDeclaration>();
  readonly #components = new Map<string, ComponentDeclaration>();
  /** Calls within functions of the workspace that were reached from where those are called. */
  readonly #templates = new Set<string>();
  /** Event-sourced declarations of which all was read that their owner needs. */
  readonly #whole = new Set<EventSourcedDeclaration>();

  constructor(resolver: Resolver, messages: MessageReader) {
    this.#resolver = resolver;
    this.#messages = messages;
    this.#options = new OptionReader(resolver);
  }

  get components(): readonly ComponentDeclaration[] {
    return this.#declared(this.#components);
  }

  get eventSourced(): readonly EventSourcedDeclaration[] {
    return this.#declared(this.#eventSourced);
  }

  get views(): readonly ViewDeclaration[] {
    return this.#declared(this.#views);
  }

  /** Reads what a call declares, if it declares something. */
  read(node: t.CallExpression, at: Context): void {
    const called = this.#resolver.value(node.callee, at);
    if (isUnreadable(called) || called.kind !== "transport") return;
    if (called.name === "component") this.#component({ node, at });
    else if (called.name === "aggregate") this.#readEventSourced("aggregate", { node, at });
    else if (called.name === "processManager") this.#readEventSourced("process-manager", { node, at });
    else if (called.name === "view") this.#view({ node, at });
  }

  /** Without the templates: what stands in a function of the workspace is declared where that is called. */
  #declared<Declaration>(all: ReadonlyMap<string, Declaration>): readonly Declaration[] {
    return [...all].filter(([key]) => !this.#templates.has(key)).map(([, declaration]) => declaration);
  }

  #component({ node, at }: Call): void {
    const { identifier, place, key } = this.#named(node, at);
    if (this.#components.has(key)) return;
    const draft: Draft = { handlers: [], unreadable: [], isWhole: true };
    const [first, second, third] = node.arguments;
    const [options, build] = third === undefined ? [undefined, second] : [second, third];
    const name = this.#name(first ?? node, at, draft, requireComponentName);
    const messageTimeout = this.#told(this.#options.messageTimeout(options, at), draft) ?? DEFAULT_MESSAGE_TIMEOUT;
    const found = build === undefined ? undefined : builderCalls(build, at, this.#resolver);
    problemsOf(found?.unreadable, draft);
    for (const call of found?.calls ?? []) this.#ofComponent(call, name, draft);
    const { categories, problems } = categoriesOf(name, draft.handlers);
    problemsOf(problems, draft);
    const isWhole = name !== undefined && draft.isWhole;
    this.#components.set(key, {
      ...(name === undefined ? {} : { name }),
      identifier,
      place,
      ...(found?.builder === undefined ? {} : { builder: found.builder }),
      handlers: draft.handlers,
      ...(isWhole
        ? { shape: shapeFrom({ name, handles: handledBy(draft.handlers), categories, messageTimeout }) }
        : {}),
      unreadable: draft.unreadable,
    });
  }

  #readEventSourced(kind: EventSourcedDeclaration["kind"], { node, at }: Call): EventSourcedDeclaration {
    const { identifier, place, key } = this.#named(node, at);
    const known = this.#eventSourced.get(key);
    if (known !== undefined) return known;
    const draft: Draft = { handlers: [], unreadable: [], isWhole: true };
    const [first, , third, fourth] = node.arguments;
    const [options, build] = fourth === undefined ? [undefined, third] : [third, fourth];
    const category = this.#name(first ?? node, at, draft, requireCategoryName);
    const from = this.#told(this.#options.from(options, at), draft);
    const events = this.#events(options, at, draft);
    const found = build === undefined ? undefined : builderCalls(build, at, this.#resolver);
    if (found === undefined) problemsOf([unexpected(node, at, "function")], draft);
    problemsOf(found?.unreadable, draft);
    for (const call of found?.calls ?? []) this.#ofEventSourced(call, draft);
    const declared: EventSourcedDeclaration = {
      kind,
      ...(category === undefined ? {} : { category }),
      identifier,
      place,
      ...(from === undefined ? {} : { from }),
      ...(events === undefined ? {} : { events }),
      ...(found?.builder === undefined ? {} : { builder: found.builder }),
      handlers: draft.handlers,
      unreadable: draft.unreadable,
    };
    if (draft.isWhole) this.#whole.add(declared);
    this.#eventSourced.set(key, declared);
    return declared;
  }

  #view({ node, at }: Call): ViewDeclaration {
    const { identifier, place, key } = this.#named(node, at);
    const known = this.#views.get(key);
    if (known !== undefined) return known;
    const draft: Draft = { handlers: [], unreadable: [], isWhole: true };
    const [first, , third, fourth] = node.arguments;
    const name = this.#name(first ?? node, at, draft, () => {});
    const build = fourth ?? third;
    const found = build === undefined ? undefined : builderCalls(build, at, this.#resolver);
    problemsOf(found?.unreadable, draft);
    for (const call of found?.calls ?? []) {
      if (call.method === "on") this.#part(call, "fold", 1, undefined, draft);
    }
    const declared: ViewDeclaration = {
      kind: "view",
      ...(name === undefined ? {} : { name }),
      identifier,
      place,
      ...(found?.builder === undefined ? {} : { builder: found.builder }),
      handlers: draft.handlers,
      unreadable: draft.unreadable,
    };
    this.#views.set(key, declared);
    return declared;
  }

  #ofComponent(call: BuilderCall, owner: string | undefined, draft: Draft): void {
    const { method, node, at } = call;
    if (method === "aggregate" || method === "processManager" || method === "view") {
      this.#owned(method === "processManager" ? "process-manager" : method, call, draft);
    } else if (method === "handle" || method === "receptor") {
      const message = this.#part(call, method === "receptor" ? "receptor" : "unknown", 1, 2, draft);
      if (message?.kind === "command" && message.to !== undefined && owner !== undefined && message.to !== owner) {
        problemsOf([unreadable(node, at, { kind: "wrong-owner", type: message.type, owner: message.to })], draft);
      }
    }
  }

  #ofEventSourced(call: BuilderCall, draft: Draft): void {
    const part = PARTS.get(call.method);
    if (part === undefined) return;
    const isTaking = TAKING.has(part.kind);
    this.#part(call, part.kind, part.body, part.options, isTaking ? draft : { ...draft, isWhole: true });
  }

  /** A call whose first argument is a message. */
  #part(
    { node, at, isCertain }: BuilderCall,
    kind: HandlerKind,
    bodyAt: number | undefined,
    optionsAt: number | undefined,
    draft: Draft,
  ): MessageDeclaration | undefined {
    const [first] = node.arguments;
    const message = first === undefined ? unexpected(node, at, "message") : this.#messages.read(first, at);
    const from =
      optionsAt === undefined ? undefined : this.#told(this.#options.from(node.arguments[optionsAt], at), draft);
    const body = bodyAt === undefined ? undefined : this.#body(node.arguments[bodyAt], at);
    if (!isCertain) problemsOf([unreadable(node, at, { kind: "conditional" })], draft);
    if (isUnreadable(message)) problemsOf([message], draft);
    else if (message.unreadable.length > 0 && message.kind === "event") draft.isWhole = false;
    const read = isUnreadable(message) ? undefined : message;
    draft.handlers.push({
      kind: kind === "unknown" && read !== undefined ? KINDS[read.kind] : kind,
      ...(read === undefined ? {} : { message: read, messageType: read.type }),
      ...(from === undefined ? {} : { from }),
      place: placeOf(at.scope.uri, node),
      ...(body === undefined ? {} : { body }),
      isCertain,
    });
    return read;
  }

  #owned(kind: "aggregate" | "process-manager" | "view", { node, at, isCertain }: BuilderCall, draft: Draft): void {
    const [first] = node.arguments;
    const value = first === undefined ? unexpected(node, at, kind) : this.#resolver.value(first, at);
    const owned = isUnreadable(value) ? value : (this.#declaredAs(kind, value) ?? unexpected(first ?? node, at, kind));
    const problems = [
      ...(isCertain ? [] : [unreadable(node, at, { kind: "conditional" })]),
      ...(isUnreadable(owned) ? [owned] : []),
    ];
    // What views fold is nobody's matter but theirs.
    problemsOf(problems, kind === "view" ? { ...draft } : draft);
    if (!isUnreadable(owned) && owned.kind !== "view" && !this.#whole.has(owned)) draft.isWhole = false;
    draft.handlers.push({
      kind,
      ...(isUnreadable(owned) ? {} : { owns: owned }),
      place: placeOf(at.scope.uri, node),
      isCertain,
    });
  }

  #declaredAs(kind: "aggregate" | "process-manager" | "view", value: Value) {
    if (value.kind !== "expression" || value.node.type !== "CallExpression") return undefined;
    const { node, at } = value;
    const called = this.#resolver.value(node.callee, at);
    if (isUnreadable(called) || called.kind !== "transport") return undefined;
    if (kind === "view") return called.name === "view" ? this.#view({ node, at }) : undefined;
    const wanted = kind === "aggregate" ? "aggregate" : "processManager";
    return called.name === wanted ? this.#readEventSourced(kind, { node, at }) : undefined;
  }

  #name(node: t.Node, at: Context, draft: Draft, check: (name: string) => void): string | undefined {
    const name = textOf(node, at, this.#resolver, this.#messages.member);
    if (typeof name !== "string") {
      problemsOf([name], draft);
      return undefined;
    }
    const refused = refusal(() => check(name));
    if (refused !== undefined) problemsOf([unreadable(node, at, refused)], draft);
    return name;
  }

  /** What an option says; that it cannot be told is told. */
  #told<Value>(option: Option<Value>, draft: Draft): Value | undefined {
    if (!isUnreadable(option)) return option.value;
    problemsOf([option], draft);
    return undefined;
  }

  #events(options: t.Node | undefined, at: Context, draft: Draft): readonly MessageDeclaration[] | undefined {
    const value = this.#resolver.option(options, "events", at);
    if (value === undefined) return undefined;
    const events = isUnreadable(value) ? value : this.#messages.list(value, options);
    if (!isUnreadable(events)) return events;
    draft.unreadable.push(events);
    return undefined;
  }

  #body(node: t.Node | undefined, at: Context) {
    if (node === undefined) return undefined;
    const value = this.#resolver.value(node, at);
    return !isUnreadable(value) && value.kind === "function"
      ? placeOf(value.at.scope.uri, value.node)
      : placeOf(at.scope.uri, node);
  }

  #named(call: t.CallExpression, at: Context) {
    const { node, uri } = origin(call, at);
    const place = placeOf(uri, node);
    if (at.call !== undefined) this.#templates.add(`${at.scope.uri} ${call.start}`);
    return { identifier: this.#resolver.source(uri)?.names.get(node) ?? "", place, key: `${uri} ${place.start}` };
  }
}

const KINDS: Readonly<Record<MessageDeclaration["kind"], HandlerKind>> = {
  command: "command-handler",
  event: "event-subscription",
  reply: "reply-handler",
};

function problemsOf(found: readonly Unreadable[] | undefined, draft: Draft): void {
  if (found === undefined || found.length === 0) return;
  draft.unreadable.push(...found);
  draft.isWhole = false;
}
