import { checkBody } from "../messages/check-body.ts";
import {
  compose,
  correlationIdOf,
  destinationOf,
  type MessageOptions,
  type SendingContext,
} from "../messages/compose.ts";
import type { MessageIdentity } from "../messages/definition.ts";
import type { OutgoingMessage } from "../messages/outgoing-message.ts";
import { requireDefinition } from "../messages/require-definition.ts";
import { ContextItems } from "./context-items.ts";
import { jsonSerializer } from "../messages/json-serializer.ts";
import { runMiddleware } from "./middleware.ts";
import type { OutgoingContext, OutgoingMiddleware } from "./outgoing.ts";
import type { SendMode } from "../messages/send-mode.ts";
import type { Serializer } from "../messages/serializer.ts";

/** A message that is about to leave. */
export interface MessageDraft {
  readonly definition: MessageIdentity;
  readonly body: object;
  readonly id: string;
  readonly options: MessageOptions;
  readonly context: SendingContext;
  readonly mode: SendMode;
  /** Default: none. */
  readonly items?: ContextItems;
}

/** What each message passes that leaves a process: its schema, the outgoing middleware, the serializer. */
export class OutgoingPipeline {
  readonly #middleware: readonly OutgoingMiddleware[];
  readonly #serializer: Serializer;

  constructor({
    middleware = [],
    serializer = jsonSerializer,
  }: {
    readonly middleware?: readonly OutgoingMiddleware[] | undefined;
    readonly serializer?: Serializer | undefined;
  } = {}) {
    this.#middleware = middleware;
    this.#serializer = serializer;
  }

  /**
   * @param accept takes the message that comes out; not called where a middleware leaves it out.
   * @throws SchemaRefused, InvalidBody, InvalidHeader, InvalidName, NoReplyAddress, and what middleware and `accept` throw.
   */
  async run(draft: MessageDraft, accept: (message: OutgoingMessage) => Promise<void> | void): Promise<void> {
    const { definition, body, id, options, context, mode } = draft;
    requireDefinition(definition);
    const checked = checkBody(definition, body);
    if (checked instanceof Promise) await checked;
    if (this.#middleware.length === 0) {
      return accept(compose(definition, body, id, context, options, this.#serializer));
    }
    const outgoing: OutgoingContext = {
      kind: definition.kind,
      type: definition.type,
      messageId: id,
      correlationId: correlationIdOf(context, options, id),
      mode,
      destination: destinationOf(definition, context.handling, options.to),
      handling: context.handling,
      body,
      headers: { ...options.headers },
      items: draft.items ?? new ContextItems(),
    };
    await runMiddleware(this.#middleware, outgoing, async () => {
      const { body: left, headers } = outgoing;
      await accept(compose(definition, left, id, context, { ...options, headers }, this.#serializer));
    });
  }
}
