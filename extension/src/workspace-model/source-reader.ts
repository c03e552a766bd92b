import type * as t from "@babel/types";
import type {
  ComponentDeclaration,
  HandlerDeclaration,
  SendPlace,
  UnparsedSource,
  WorkspaceModel,
} from "./declarations.ts";
import { DeclarationReader } from "./declaration-reader.ts";
import { MessageReader } from "./message-reader.ts";
import { type ModuleMap, moduleMap } from "./modules.ts";
import { parseSource, SyntaxFault } from "./parse-source.ts";
import type { ParsedSource } from "./parsed-source.ts";
import { type Context, Resolver } from "./resolver.ts";
import { isManifest } from "./source-index.ts";
import { isWithin, type SourceFile, type SourcePlace } from "./source-file.ts";
import { bare, memberName, placeOf } from "./syntax.ts";
import { isUnreadable } from "./unreadable.ts";

/** The parser is large: who needs it takes it from here, where it is loaded once. */
export { parseSource } from "./parse-source.ts";

/** How a source was read last. */
interface Reading {
  readonly text: string;
  /** The last that could be parsed. */
  readonly parsed: ParsedSource | undefined;
  readonly fault: UnparsedSource | undefined;
}

const SENDING: ReadonlySet<string> = new Set(["send", "publish", "reply", "ask"]);
const isSending = (name: string | undefined): name is Exclude<SendPlace["how"], "made"> =>
  name !== undefined && SENDING.has(name);

/**
 * Reads the same sources again and again as they change: only what has changed is parsed anew. Of a source that cannot be parsed,
 * as while it is typed, the last that could be stays.
 */
export class SourceReader {
  #readings = new Map<string, Reading>();
  readonly #prepared = new Map<string, Reading>();
  #last: WorkspaceModel | undefined;
  #modules: ModuleMap | undefined;
  #wanted: ReadonlySet<string> = new Set();

  /** Files that the model would tell more with: names are looked for in them. */
  get wanted(): ReadonlySet<string> {
    return this.#wanted;
  }

  /** Parses one source ahead of {@link read}. Many take long together: so others have their turn in between. */
  prepare(file: SourceFile): void {
    this.#prepared.set(file.uri, this.#reading(file));
  }

  /**
   * @param files all of them each time: sources, and what tells where modules are
   * @param modules where modules are; default: among these files
   */
  read(files: readonly SourceFile[], modules?: ModuleMap): WorkspaceModel {
    const before = this.#readings;
    const isSame =
      this.#last !== undefined &&
      modules === this.#modules &&
      files.length === before.size &&
      files.every(({ uri, text }) => before.get(uri)?.text === text);
    if (isSame && this.#last !== undefined) return this.#last;
    this.#readings = new Map(files.map((file) => [file.uri, this.#reading(file)]));
    this.#prepared.clear();
    const sources = new Map(
      [...this.#readings].flatMap(([uri, { parsed }]) => (parsed === undefined ? [] : [[uri, parsed] as const])),
    );
    const resolver = new Resolver(sources, modules ?? modulesAmong(files));
    this.#modules = modules;
    this.#last = linked(
      sources,
      resolver,
      [...this.#readings.values()].flatMap(({ fault }) => fault ?? []),
    );
    // One that cannot be parsed is there, and has nothing to tell.
    this.#wanted = new Set([...resolver.wanted].filter((uri) => !this.#readings.has(uri)));
    return this.#last;
  }

  #reading(file: SourceFile): Reading {
    const known = this.#readings.get(file.uri);
    return (
      [known, this.#prepared.get(file.uri)].find((one) => one?.text === file.text) ?? readingOf(file, known?.parsed)
    );
  }
}

/** Reads what sources declare. Pure: the same sources give the same model. */
export const readSources = (files: readonly SourceFile[]): WorkspaceModel => new SourceReader().read(files);

function readingOf(file: SourceFile, lastGood: ParsedSource | undefined): Reading {
  const { uri, text } = file;
  if (isManifest(uri)) return { text, parsed: undefined, fault: undefined };
  try {
    return { text, parsed: parseSource(file), fault: undefined };
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    const place = { uri, start: error.offset, end: error.offset };
    return { text, parsed: lastGood, fault: { place, message: error.message, hasLastGood: lastGood !== undefined } };
  }
}

function modulesAmong(files: readonly SourceFile[]): ModuleMap {
  const uris = new Set(files.map(({ uri }) => uri));
  return moduleMap(
    (uri) => uris.has(uri),
    files.filter(({ uri }) => isManifest(uri)),
  );
}

function linked(
  sources: ReadonlyMap<string, ParsedSource>,
  resolver: Resolver,
  unparsed: readonly UnparsedSource[],
): WorkspaceModel {
  const messages = new MessageReader(resolver);
  const declarations = new DeclarationReader(resolver, messages);
  const sends: Omit<SendPlace, "component" | "handler">[] = [];
  for (const source of sources.values()) {
    for (const { node, scope } of source.calls)
      readCall({ node, at: { scope } }, resolver, messages, declarations, sends);
  }
  const handlers = handlersOf(declarations.components);
  return {
    messages: inOrder(messages.all),
    components: inOrder(declarations.components),
    eventSourced: inOrder(declarations.eventSourced),
    views: inOrder(declarations.views),
    sends: inOrder(sends).map((send) => ({ ...send, ...ownerOf(send.place, handlers) })),
    unparsed,
  };
}

interface FoundCall {
  readonly node: t.CallExpression;
  readonly at: Context;
}

function readCall(
  { node, at }: FoundCall,
  resolver: Resolver,
  messages: MessageReader,
  declarations: DeclarationReader,
  sends: Omit<SendPlace, "component" | "handler">[],
): void {
  const place = placeOf(at.scope.uri, node);
  const callee = bare(node.callee as t.Expression);
  if (callee.type === "MemberExpression" || callee.type === "OptionalMemberExpression") {
    const how = memberName(callee);
    const [first] = node.arguments;
    const message = isSending(how) && first !== undefined ? messages.read(first, at) : undefined;
    if (isSending(how) && message !== undefined && !isUnreadable(message)) {
      sends.push({ message, how, place });
      return;
    }
  } else if (callee.type !== "Identifier" && callee.type !== "CallExpression") return;
  const called = resolver.value(callee, at);
  if (isUnreadable(called)) return;
  // A definition stands for a message; to call that makes one of it.
  if (messages.definition(called) !== undefined) {
    const message = messages.read(callee, at);
    if (!isUnreadable(message)) sends.push({ message, how: "made", place });
    return;
  }
  // What is made by a function of the workspace is declared where that is called.
  const value = resolver.value(node, at);
  if (isUnreadable(value) || value.kind !== "expression" || value.node.type !== "CallExpression") return;
  if (messages.definition(value) !== undefined) messages.read(node, at);
  else declarations.read(value.node, value.at);
}

type Owner = Pick<SendPlace, "component" | "handler">;
type OwnedHandler = Required<Owner>;

function handlersOf(components: readonly ComponentDeclaration[]): readonly OwnedHandler[] {
  return components.flatMap((component) =>
    component.handlers.flatMap((handler) =>
      [handler, ...(handler.owns?.handlers ?? [])].map((one) => ({ component, handler: one })),
    ),
  );
}

/** The innermost handler around a place. */
function ownerOf(place: SourcePlace, handlers: readonly OwnedHandler[]): Owner {
  const around = handlers.filter(({ handler }) => contains(handler, place));
  return (
    around.toSorted((a, b) => (a.handler.body ?? a.handler.place).end - (b.handler.body ?? b.handler.place).end)[0] ??
    {}
  );
}

const contains = ({ body, place }: HandlerDeclaration, inner: SourcePlace): boolean =>
  (body !== undefined && isWithin(inner, body)) || isWithin(inner, place);

const inOrder = <Placed extends { readonly place: SourcePlace }>(all: readonly Placed[]): readonly Placed[] =>
  all.toSorted(({ place: a }, { place: b }) => (a.uri === b.uri ? a.start - b.start : a.uri < b.uri ? -1 : 1));
