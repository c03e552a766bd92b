import { checkBody } from "../messages/check-body.ts";
import type { Message, MessageDefinition, MessageIdentity } from "../messages/definition.ts";
import { requireDefinition } from "../messages/require-definition.ts";
import type { MessageContext } from "../messages/message-context.ts";
import { DuplicateDeclaration } from "./duplicate-declaration.ts";
import {
  type Decide,
  type DecideEntry,
  type EventSourced,
  type EventSourcedOptions,
  type Evolve,
  type Initial,
  type Messages,
  toList,
  type Upcast,
} from "./event-sourced.ts";
import { foldVersion } from "./fold-version.ts";
import { InvalidInitialState } from "./invalid-initial-state.ts";
import { MissingEvolve } from "./missing-evolve.ts";
import { freezePlainData, isPlainData } from "./plain-data.ts";
import type { SubscribeOptions } from "./subscribe-options.ts";

const NOBODY: MessageContext = {
  messageId: "00000000-0000-0000-0000-000000000000",
  type: "",
  correlationId: "00000000-0000-0000-0000-000000000000",
  headers: {},
};

/** What an entry says besides whom it concerns and what is decided. */
type EntryOptions<State> = Pick<DecideEntry<State>, "notFound" | "completed" | "canceledByCompletion"> & {
  readonly options: SubscribeOptions;
};

interface EvolveEntry<State> {
  readonly event: MessageIdentity;
  readonly declared: unknown;
  evolve(state: State, body: object): State;
}

/** What the declarations of an aggregate or a process manager collect, and what they become. */
export class EventSourcedParts<State> {
  readonly #where: string;
  readonly #entries = new Map<string, DecideEntry<State>>();
  readonly #evolves = new Map<string, EvolveEntry<State>>();
  /** Events that are known to change nothing. */
  readonly #idle = new Set<string>();
  readonly #upcasts = new Map<string, Upcast<object>>();
  readonly #gateways = new Map<string, (body: object, state: State) => Messages>();
  readonly #completedBy = new Set<string>();

  constructor(where: string) {
    this.#where = where;
  }

  addDecide<Body extends object>(
    on: MessageDefinition<Body, never>,
    id: (body: Body, context: MessageContext) => string,
    decide: Decide<State, Body>,
    entry: EntryOptions<State>,
  ): void {
    requireDefinition(on);
    if (this.#entries.has(on.type)) throw new DuplicateDeclaration(this.#where, `a decision on ${on.type}`);
    this.#entries.set(on.type, {
      ...entry,
      on,
      // The body has passed the definition's schema, or is what the sender's types say: here the types meet the wire.
      id: (body, context) => id(body as Body, context),
      decide: (state, body, context) => this.#withGateway(state, toList(decide(state, body as Body, context))),
    });
  }

  addEvolve<Body extends object>(event: MessageDefinition<Body, never>, evolve?: Evolve<State, Body>): void {
    requireDefinition(event);
    if (this.#evolves.has(event.type) || this.#idle.has(event.type))
      throw new DuplicateDeclaration(this.#where, `an evolve of ${event.type}`);
    if (evolve === undefined) return void this.#idle.add(event.type);
    this.#evolves.set(event.type, {
      event,
      declared: evolve,
      evolve: (state, body) => evolve(state, body as Body),
    });
  }

  addUpcast<Body extends object>(from: MessageDefinition<Body, never>, upcast: Upcast<Body>): void {
    requireDefinition(from);
    if (this.#upcasts.has(from.type)) throw new DuplicateDeclaration(this.#where, `an upcast of ${from.type}`);
    this.#upcasts.set(from.type, upcast as Upcast<object>);
  }

  addGateway<Body extends object>(
    event: MessageDefinition<Body, never>,
    commands: (body: Body, state: State) => Messages,
  ): void {
    requireDefinition(event);
    if (this.#gateways.has(event.type)) throw new DuplicateDeclaration(this.#where, `a gateway for ${event.type}`);
    this.#gateways.set(event.type, (body, state) => commands(body as Body, state));
  }

  addCompletedBy(event: MessageIdentity): void {
    requireDefinition(event);
    this.#completedBy.add(event.type);
  }

  seal<Kind extends EventSourced<State>["kind"]>(
    kind: Kind,
    category: string,
    initial: Initial<State>,
    { from = "now", snapshot, events = [] }: EventSourcedOptions,
  ): EventSourced<State> & { readonly kind: Kind } {
    const missing = events.map(({ type }) => type).filter((type) => !this.#evolves.has(type) && !this.#idle.has(type));
    if (missing.length > 0) throw new MissingEvolve(this.#where, missing);
    const make = this.#initialOf(initial);
    const { every, version = 1 } = typeof snapshot === "number" ? { every: snapshot } : (snapshot ?? {});
    if (every !== undefined && !(Number.isInteger(every) && every >= 1))
      throw new RangeError(`A snapshot every ${every} events. Give a whole number, 1 or more.`);
    return Object.freeze({
      kind,
      category,
      from,
      get initial() {
        return make();
      },
      entries: [...this.#entries.values()],
      completedBy: [...this.#completedBy],
      canceledByCompletion: new Set(
        [...this.#entries].flatMap(([type, entry]) => (entry.canceledByCompletion === true ? [type] : [])),
      ),
      snapshotEvery: every,
      foldVersion: foldVersion(version, [
        ...[...this.#evolves].map(([type, { declared }]) => [type, declared] as const),
        ...[...this.#upcasts].map(([type, upcast]) => [`upcast ${type}`, upcast] as const),
        ["completedBy", [...this.#completedBy].join()],
      ]),
      folds: (type) => this.#evolves.has(type) || this.#upcasts.has(type),
      decide: (state, message, context) => {
        const entry = this.#entries.get(message.definition.type);
        if (entry === undefined) throw new RangeError(`${this.#where} does not decide on ${message.definition.type}.`);
        return entry.decide(state, message.body, { ...NOBODY, type: message.definition.type, ...context });
      },
      upcast: (message, context) => this.#upcast(message, context, new Set()),
      evolve: (state, message) => this.#evolve(state, message),
    });
  }

  /** One state for all instances must be one that nobody can change. */
  #initialOf(initial: Initial<State>): () => State {
    if (typeof initial === "function") return initial as () => State;
    if (!isPlainData(initial)) throw new InvalidInitialState(this.#where);
    const state = structuredClone(initial);
    freezePlainData(state);
    return () => state;
  }

  /** What an upcast gives may be old itself. One that gives its own type again has done with it. */
  #upcast(message: Message, context: MessageContext, done: ReadonlySet<string>): readonly Message[] {
    const { type } = message.definition;
    const upcast = done.has(type) ? undefined : this.#upcasts.get(type);
    if (upcast === undefined) return [message];
    return toList(upcast(message.body, context)).flatMap((made) =>
      this.#upcast(made, context, new Set([...done, type])),
    );
  }

  #evolve(state: State, { definition, body }: Message): State {
    const entry = this.#evolves.get(definition.type);
    if (entry === undefined) return state;
    const checked = checkBody(entry.event, body);
    if (checked instanceof Promise)
      throw new TypeError(
        `The schema of ${definition.type} is asynchronous. Give a synchronous one to what is folded.`,
      );
    return entry.evolve(state, checked);
  }

  /** Each event is followed by what the gateway makes of it, with the state after it. */
  #withGateway(before: State, decided: readonly Message[]): readonly Message[] {
    if (this.#gateways.size === 0) return decided;
    let state = before;
    return decided.flatMap((message) => {
      state = this.#evolve(state, message);
      return [message, ...toList(this.#gateways.get(message.definition.type)?.(message.body, state))];
    });
  }
}
