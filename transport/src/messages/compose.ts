import { jsonSerializer } from "./json-serializer.ts";
import type { Serializer } from "./serializer.ts";
import { requireComponentName } from "../topology/component-name.ts";
import type { MessageIdentity } from "./definition.ts";
import type { MessageContext } from "./message-context.ts";
import type { Headers } from "./header-value.ts";
import type { OutgoingHeaders } from "./headers.ts";
import { NoReplyAddress } from "./no-reply-address.ts";
import { type OutgoingMessage, toOutgoingMessage } from "./outgoing-message.ts";
import { momentsOf, type Timing } from "./timing.ts";

/** Who sends, and because of which message. */
export interface SendingContext {
  /** Component, or the name of a sender outside of any. */
  readonly source: string;
  /** The message being handled; absent outside of handlers. */
  readonly handling?: MessageContext;
  readonly sentAt: Date;
}

/** What a sender says of one message besides what follows from where it comes from. */
export interface MessageOptions extends Timing {
  readonly headers?: Headers | undefined;
  /** Another receiver of a command. */
  readonly to?: string | undefined;
  /** Default: that of the message being handled, else the message's own id. */
  readonly correlationId?: string | undefined;
  /** Default: a handling component is replied to, a sender outside is not. */
  readonly replyTo?: string | undefined;
}

export const INTENTS = { command: "Send", event: "Publish", reply: "Reply" } as const;

/**
 * Makes a message ready to leave: where it goes, and what it belongs to.
 * @throws InvalidBody, InvalidHeader, InvalidName, InvalidTiming, NoReplyAddress
 */
export function compose(
  definition: MessageIdentity,
  body: object,
  id: string,
  { source, handling, sentAt }: SendingContext,
  options: MessageOptions = {},
  serializer: Serializer = jsonSerializer,
): OutgoingMessage {
  const destination = destinationOf(definition, handling, options.to);
  const replyTo = options.replyTo ?? (handling === undefined || definition.kind === "event" ? undefined : source);
  if (replyTo !== undefined) requireComponentName(replyTo);
  const outgoing: OutgoingHeaders = {
    correlationId: correlationIdOf({ handling }, options, id),
    ...(handling === undefined ? {} : { causationId: handling.messageId }),
    source,
    ...(replyTo === undefined ? {} : { replyTo }),
    intent: INTENTS[definition.kind],
    sentAt,
    headers: options.headers ?? {},
  };
  const routing = { destination, ...momentsOf(definition, options, sentAt), baseTypes: definition.baseTypes };
  return toOutgoingMessage(definition, body, id, outgoing, routing, serializer);
}

/** What a message belongs to: what its sender says, else what the message being handled belongs to, else itself. */
export const correlationIdOf = (
  { handling }: { readonly handling?: MessageContext | undefined },
  { correlationId }: MessageOptions,
  id: string,
): string => correlationId ?? handling?.correlationId ?? id;

/** The component that a message goes to; undefined for an event. @throws InvalidName, NoReplyAddress */
export function destinationOf(
  definition: MessageIdentity,
  handling: MessageContext | undefined,
  to: string | undefined,
): string | undefined {
  if (definition.kind === "event") return undefined;
  const destination = definition.kind === "command" ? (to ?? definition.to) : handling?.replyTo;
  if (destination === undefined) throw new NoReplyAddress(handling?.messageId ?? "", handling?.type ?? "");
  requireComponentName(destination);
  return destination;
}
