import type { Message, MessageDefinition, MessageIdentity } from "../messages/definition.ts";
import type { MessageContext } from "../messages/message-context.ts";
import type { Decide, DecideEntry, EventSourced, Evolve, Messages } from "./aggregate.ts";
import type { SubscribeOptions } from "./component.ts";
import { DuplicateDeclaration } from "./duplicate-declaration.ts";

const NOBODY: MessageContext = {
  messageId: "00000000-0000-0000-0000-000000000000",
  type: "",
  correlationId: "00000000-0000-0000-0000-000000000000",
  headers: {},
};

/** What the declarations of an aggregate or a process manager collect, and what they become. */
export class EventSourcedParts<State> {
  readonly #where: string;
  readonly #entries = new Map<string, DecideEntry<State>>();
  readonly #evolves = new Map<string, (state: State, body: object) => State>();
  readonly #gateways = new Map<string, (body: object, state: State) => Messages>();
  readonly #completedBy = new Set<string>();

  constructor(where: string) {
    this.#where = where;
  }

  addDecide<Body extends object>(
    on: MessageDefinition<Body, never>,
    id: (body: Body, context: MessageContext) => string,
    decide: Decide<State, Body>,
    options: SubscribeOptions,
  ): void {
    if (this.#entries.has(on.type)) throw new DuplicateDeclaration(this.#where, `a decision on ${on.type}`);
    this.#entries.set(on.type, {
      on,
      options,
      // The body has passed the definition's schema, or is what the sender's types say: here the types meet the wire.
      id: (body, context) => id(body as Body, context),
      decide: (state, body, context) => this.#withGateway(state, toList(decide(state, body as Body, context))),
    });
  }

  addEvolve<Body extends object>(event: MessageDefinition<Body, never>, evolve: Evolve<State, Body>): void {
    if (this.#evolves.has(event.type)) throw new DuplicateDeclaration(this.#where, `an evolve of ${event.type}`);
    this.#evolves.set(event.type, (state, body) => evolve(state, body as Body));
  }

  addGateway<Body extends object>(
    event: MessageDefinition<Body, never>,
    commands: (body: Body, state: State) => Messages,
  ): void {
    if (this.#gateways.has(event.type)) throw new DuplicateDeclaration(this.#where, `a gateway for ${event.type}`);
    this.#gateways.set(event.type, (body, state) => commands(body as Body, state));
  }

  addCompletedBy(event: MessageIdentity): void {
    this.#completedBy.add(event.type);
  }

  seal(category: string, initial: State): Omit<EventSourced<State>, "kind" | "from"> {
    return {
      category,
      initial,
      entries: [...this.#entries.values()],
      completedBy: [...this.#completedBy],
      decide: (state, message, context) => {
        const entry = this.#entries.get(message.definition.type);
        if (entry === undefined) throw new RangeError(`${this.#where} does not decide on ${message.definition.type}.`);
        return entry.decide(state, message.body, { ...NOBODY, type: message.definition.type, ...context });
      },
      evolve: (state, message) => this.#evolve(state, message),
    };
  }

  #evolve(state: State, message: Message): State {
    return this.#evolves.get(message.definition.type)?.(state, message.body) ?? state;
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

/** One message, several or none, as a list. */
export function toList(messages: Messages): readonly Message[] {
  if (messages === undefined) return [];
  return Array.isArray(messages) ? messages : [messages as Message];
}
