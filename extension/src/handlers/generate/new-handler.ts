import type {
  EventSourcedDeclaration,
  MessageDeclaration,
  WorkspaceModel,
} from "../../workspace-model/declarations.ts";
import { type BodyOf, defineMessage, messagesModule } from "./define-message.ts";
import { Drafts } from "./drafts.ts";
import { decisionText, eventSourcedText, viewText } from "./event-sourced-module.ts";
import { writeHandler, writeTranslation } from "./handler-module.ts";
import { declaredMessage, exportedName, type KnownMessage, refer, referTo } from "./known-message.ts";
import { end } from "./layout.ts";
import type { FileChange, ModuleDraft, ParseSource } from "./module-draft.ts";
import { camel, eventAfter, identifierOf, kebab } from "./names.ts";
import { HandlerNotWritten } from "./not-written.ts";
import { addOwnEvent } from "./own-events.ts";
import { extensionOf, registerTarget, type Target } from "./register-target.ts";
import type { MessageChoice, NewHandlerRequest } from "./request.ts";
import type { Sources } from "./sources.ts";
import { isProgram, testDecision, testEventSourced, testGateway, testHandler, testView } from "./test-module.ts";
import { baseNameOf, directoryOf, stemOf } from "./uri-path.ts";

/** What writing a handler changes. */
export interface NewHandlerPlan {
  readonly changes: readonly FileChange[];
  /** The file to go on in. */
  readonly opens: string;
  /** Why there is no test: importing this file would start a program. */
  readonly startsProgram?: string;
  /** The folder of the package that has it and does not depend on the transport yet. */
  readonly lacksTransport?: string;
}

/**
 * Writes a handler: the definition of its message where that is new, the handler in a module of its own, its registration in the
 * component, and its test. Nothing is overwritten: what is there is added to, and names that are taken are not taken again.
 * @throws HandlerNotWritten, SyntaxFault
 */
export async function newHandler(
  request: NewHandlerRequest,
  model: Pick<WorkspaceModel, "messages">,
  sources: Sources,
  parse: ParseSource,
): Promise<NewHandlerPlan> {
  return new HandlerWriter(request, model, new Drafts(sources, model, parse)).write();
}

class HandlerWriter {
  readonly #request: NewHandlerRequest;
  readonly #model: Pick<WorkspaceModel, "messages">;
  readonly #drafts: Drafts;

  constructor(request: NewHandlerRequest, model: Pick<WorkspaceModel, "messages">, drafts: Drafts) {
    this.#request = request;
    this.#model = model;
    this.#drafts = drafts;
  }

  async write(): Promise<NewHandlerPlan> {
    const { kind, message } = this.#request;
    const target = await registerTarget(this.#request, this.#model, this.#drafts);
    const taken = await this.#message(message, target);
    switch (kind) {
      case "command-handler":
      case "event-subscription":
      case "reply-handler":
        return this.#plain(target, taken);
      case "receptor":
      case "gateway":
        return this.#translation(target, taken);
      case "aggregate":
      case "process-manager":
        return this.#request.within === undefined
          ? this.#eventSourced(target, taken)
          : this.#decision(this.#request.within, target, taken);
      case "view":
        return this.#view(target, taken);
    }
  }

  async #message(choice: MessageChoice, target: Target, like?: KnownMessage): Promise<KnownMessage> {
    if ("declared" in choice) return declaredMessage(choice.declared, this.#drafts);
    const { body } = choice.new;
    return this.#define(choice.new, like !== undefined && body === undefined ? { like } : { body }, target);
  }

  async #define(message: Parameters<typeof defineMessage>[1], body: BodyOf, target: Target): Promise<KnownMessage> {
    const { module } = target;
    const beside = directoryOf(module.uri);
    const { directory } = await this.#drafts.facts(module.uri);
    const known = messagesModule(message.type, beside, directory, module.uri, this.#model);
    const uri = known ?? `${beside}/messages${extensionOf(module.uri)}`;
    return defineMessage(await this.#drafts.openOrMake(uri, module.style), message, body, this.#drafts, this.#model);
  }

  async #sent(target: Target, taken: KnownMessage): Promise<KnownMessage | undefined> {
    const { sends } = this.#request;
    return sends === undefined ? undefined : this.#message(sends, target, taken);
  }

  async #plain(target: Target, taken: KnownMessage): Promise<NewHandlerPlan> {
    const { module } = target;
    const wanted = taken.kind === "command" ? camel(taken.identifier) : camel(`on${taken.identifier}`);
    const file = await this.#file(target, kebab(wanted));
    const name = file.declare(wanted, `${wanted}Handler`);
    const sent = await this.#sent(target, taken);
    const written = await writeHandler(file, name, taken, sent, this.#drafts);
    await this.#register(target, file, name, "handle", taken);
    const { sends } = written;
    return this.#plan(
      { file },
      [taken, sent],
      (test) =>
        testHandler(test, {
          module: file,
          name,
          taken,
          register: "handle",
          component: taken.to ?? target.component,
          sends,
        }),
      module,
    );
  }

  async #translation(target: Target, taken: KnownMessage): Promise<NewHandlerPlan> {
    const isGateway = this.#request.kind === "gateway";
    const wanted = camel(`${taken.identifier}${isGateway ? "Gateway" : "Receptor"}`);
    const file = await this.#file(target, kebab(wanted));
    const name = file.declare(wanted, `${wanted}Function`);
    const sent = await this.#sent(target, taken);
    const { sends } = await writeTranslation(file, name, taken, sent, this.#drafts);
    await this.#register(target, file, name, isGateway ? "gateway" : "receptor", taken);
    const tested = { module: file, name, taken, sends };
    return this.#plan(
      { file },
      [taken, sent],
      (test) =>
        isGateway
          ? testGateway(test, tested)
          : testHandler(test, { ...tested, register: "receptor", component: target.component }),
      target.module,
    );
  }

  async #eventSourced(target: Target, taken: KnownMessage): Promise<NewHandlerPlan> {
    const kind = this.#request.kind === "aggregate" ? "aggregate" : "process-manager";
    const category = this.#request.name ?? camel(taken.identifier);
    const event =
      kind === "aggregate" ? eventAfter(identifierOf(taken.type), taken.kind) : `${identifierOf(category)}Begun`;
    const own = await this.#ownEvent(event, target, taken);
    const declaring = await this.#declaring(target, taken, category, kind === "aggregate" ? "aggregate" : "process");
    const { file, name } = declaring;
    const text = await eventSourcedText(file, { kind, category, name, taken, own }, this.#drafts);
    await this.#declare(target, declaring, text, kind === "aggregate" ? "aggregate" : "processManager");
    return this.#plan(
      declaring,
      [taken, own],
      (test) => testEventSourced(test, { module: file, name, taken, own }),
      target.module,
    );
  }

  /** Lets an aggregate or process manager that is there decide on a further message. */
  async #decision(within: EventSourcedDeclaration, target: Target, taken: KnownMessage): Promise<NewHandlerPlan> {
    const { module } = target;
    const { kind, identifier } = within;
    if (identifier === "") throw new HandlerNotWritten("no-name", module.uri);
    const own = await this.#ownEvent(eventAfter(identifierOf(taken.type), taken.kind), target, taken);
    const event = await refer(module, own, this.#drafts);
    if (within.events?.every(({ type }) => type !== own.type) === true) addOwnEvent(module, within, event);
    const text = await decisionText(module, { kind, taken, event }, this.#drafts);
    target.add(text);
    const declared = await this.#drafts.open(within.place.uri);
    const name = exportedName(declared, identifier);
    return this.#plan(
      { file: declared, base: kebab(`${identifier} ${taken.identifier}`) },
      [taken, own],
      (test) => testDecision(test, { module: declared, name, taken, own }),
      module,
    );
  }

  /** The event that an aggregate or process manager records: a new one, with the body of what it takes. */
  async #ownEvent(base: string, target: Target, taken: KnownMessage): Promise<KnownMessage> {
    const namespace =
      taken.kind === "command" ? taken.type.slice(0, taken.type.lastIndexOf(".") + 1) : `${target.component}.`;
    const types = new Set(this.#model.messages.map(({ type }) => type));
    const declared = this.#model.messages.find(
      (one): one is MessageDeclaration =>
        one.type === `${namespace}${base}` && one.kind === "event" && one.identifier !== "",
    );
    // An event of that name that has the same body is the one that is meant; any other is not.
    if (declared !== undefined && taken.saysBody !== undefined) {
      const known = await declaredMessage(declared, this.#drafts);
      if (known.module === taken.module && known.saysBody?.text === taken.saysBody.text) return known;
    }
    let type = `${namespace}${base}`;
    for (let number = 2; types.has(type); number += 1) type = `${namespace}${base}${number}`;
    return this.#define({ kind: "event", type }, { like: taken }, target);
  }

  async #view(target: Target, taken: KnownMessage): Promise<NewHandlerPlan> {
    const called = this.#request.name ?? camel(taken.identifier);
    const declaring = await this.#declaring(target, taken, called, "view");
    const { file, name } = declaring;
    const text = await viewText(file, { name, called, taken }, this.#drafts);
    await this.#declare(target, declaring, text, "view");
    return this.#plan(declaring, [taken], (test) => testView(test, { module: file, name, taken }), target.module);
  }

  /** A new module beside the component. */
  async #file({ module }: Target, name: string, other = `${name}-handler`): Promise<ModuleDraft> {
    return this.#drafts.make(directoryOf(module.uri), [name, other], extensionOf(module.uri), module.style);
  }

  /**
   * Where something is declared that is evaluated when its module is: in a module of its own. One that took its message from the
   * component's module would import it while that one imports it, so it is declared there.
   */
  async #declaring(target: Target, taken: KnownMessage, called: string, suffix: string): Promise<Declaring> {
    const isBeside = taken.module === target.module;
    const file = isBeside ? target.module : await this.#file(target, kebab(called), `${kebab(called)}-${suffix}`);
    return { file, name: file.declare(camel(called), camel(`${called} ${suffix}`)), base: kebab(called) };
  }

  async #declare(target: Target, { file, name }: Declaring, text: string, method: string): Promise<void> {
    if (file === target.module) file.insertBefore(target.statement ?? 0, text);
    else file.append(text);
    const local = await referTo(target.module, file, name, this.#drafts, [`${name}Declaration`]);
    target.add((builder) => `${builder}.${method}(${local})`);
  }

  async #register(target: Target, file: ModuleDraft, name: string, method: string, taken: KnownMessage): Promise<void> {
    const { kind, within } = this.#request;
    const message = await refer(target.module, taken, this.#drafts);
    const handler = await referTo(target.module, file, name, this.#drafts, [`${name}Handler`]);
    const isNew =
      kind === "gateway" &&
      within?.events?.every(({ type }) => type !== taken.type) === true &&
      addOwnEvent(target.module, within, message);
    target.add((builder) => {
      const evolve = isNew ? `${builder}.evolve(${message})${end(target.module.style)}\n` : "";
      return `${evolve}${builder}.${method}(${message}, ${handler})`;
    });
  }

  /** Adds the test, unless it would start a program. */
  async #plan(
    { file, base = stemOf(baseNameOf(file.uri)) }: Pick<Declaring, "file"> & Partial<Declaring>,
    messages: readonly (KnownMessage | undefined)[],
    write: (test: Parameters<typeof testView>[0]) => Promise<void>,
    component: ModuleDraft,
  ): Promise<NewHandlerPlan> {
    const imported = [file, ...messages.flatMap((message) => (message === undefined ? [] : [message.module]))];
    const program = imported.find((module) => isProgram(module.source));
    const facts = await this.#drafts.facts(file.uri);
    if (program === undefined) {
      const directory =
        facts.directory === undefined || facts.testFolder === undefined
          ? directoryOf(file.uri)
          : `${facts.directory}/${facts.testFolder}`;
      const module = await this.#drafts.make(directory, [`${base}.test`], extensionOf(file.uri), component.style);
      await write({ module, facts, drafts: this.#drafts });
    }
    return {
      changes: this.#drafts.changes(),
      opens: file.uri,
      ...(program === undefined ? {} : { startsProgram: program.uri }),
      ...(facts.hasTransport ? {} : { lacksTransport: facts.directory ?? directoryOf(file.uri) }),
    };
  }
}

/** A module that something is declared in, under which name, and what its test is called after. */
interface Declaring {
  readonly file: ModuleDraft;
  readonly name: string;
  readonly base: string;
}
