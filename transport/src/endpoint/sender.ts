import { randomUUID } from "node:crypto";
import { Appender } from "../dispatch/appender.ts";
import { directTarget } from "../dispatch/outbox.ts";
import { checkBody } from "../messages/check-body.ts";
import { compose, type MessageOptions } from "../messages/compose.ts";
import type { Headers } from "../messages/headers.ts";
import type { CommandDefinition, EventDefinition, MessageIdentity } from "../messages/definition.ts";
import { requireByCategory } from "../deploy/require-by-category.ts";
import { Store } from "../store/store.ts";
import { requireComponentName } from "../topology/component-name.ts";
import type { ConnectionOptions } from "./endpoint.ts";

/** What a sender outside of a handler may say about one message. */
export interface OutsideSendOptions {
  /** UUID of the message; the same id sent again is the same message. Default: a new random one. */
  readonly id?: string;
  /** Default: the message's own id. */
  readonly correlationId?: string;
  /** Component that replies go to. Default: none, so the receiver cannot reply. */
  readonly replyTo?: string;
  /** Further headers: texts with any characters, numbers and booleans. Names that begin with `$` or `sluice.` are refused. */
  readonly headers?: Headers;
}

/** A send-only endpoint: it sends and publishes from outside of any handler, and receives nothing. */
export interface Sender {
  readonly name: string;
  /** Sends a command; answers its id once it is stored. */
  send<Body extends object, Sent extends object>(
    command: CommandDefinition<Body, Sent>,
    body: Sent,
    options?: OutsideSendOptions & { readonly to?: string },
  ): Promise<string>;
  /** Publishes an event; answers its id once it is stored. */
  publish<Body extends object, Sent extends object>(
    event: EventDefinition<Body, Sent>,
    body: Sent,
    options?: OutsideSendOptions,
  ): Promise<string>;
  /** Waits for what is being sent, then disconnects. */
  close(): Promise<void>;
}

/**
 * Opens a send-only endpoint. It needs no deployment; what it sends to a component that is not deployed yet waits in that one's
 * queue.
 * @param name where its messages come from, by the rules of component names; several processes may share one.
 * @throws InvalidName, BadConnectionString, ServerUnreachable
 */
export async function openSender(name: string, options: ConnectionOptions): Promise<Sender> {
  requireComponentName(name);
  const store = new Store(options.connectionString);
  const appender = new Appender(store);
  const sending = new Set<Promise<void>>();
  try {
    await requireByCategory(store);
  } catch (error) {
    await store.dispose();
    throw error;
  }
  const send = async (
    definition: MessageIdentity,
    body: object,
    said: OutsideSendOptions & MessageOptions,
  ): Promise<string> => {
    await checkBody(definition, body);
    const id = said.id ?? randomUUID();
    const message = compose(definition, body, id, { source: name, sentAt: new Date() }, said);
    // An id of the caller's own may be stored already, and must be recognised as the same.
    const stored = appender.append(directTarget(name, message), [message], { alone: said.id !== undefined });
    sending.add(stored);
    await stored.finally(() => sending.delete(stored));
    return id;
  };
  return {
    name,
    send: (command, body, said = {}) => send(command, body, said),
    publish: (event, body, said = {}) => send(event, body, said),
    async close() {
      await Promise.allSettled(sending);
      await store.dispose();
    },
  };
}
