import { requireComponentName } from "../topology/component-name.ts";
import type { MessageIdentity } from "./definition.ts";
import type { MessageFacts } from "./facts.ts";
import type { Envelope } from "./headers.ts";
import { NoReplyAddress } from "./no-reply-address.ts";
import { type Outgoing, toOutgoing } from "./outgoing.ts";

/** Who sends, and because of which message. */
export interface Origin {
  /** Component, or the name of a sender outside of any. */
  readonly source: string;
  /** The message being handled; absent outside of handlers. */
  readonly handling?: MessageFacts;
  readonly sentAt: Date;
}

/** What is said of one message besides what follows from where it comes from. */
export interface Said {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Another receiver of a command. */
  readonly to?: string | undefined;
  /** Default: that of the message being handled, else the message's own id. */
  readonly correlationId?: string | undefined;
  /** Default: a handling component is replied to, a sender outside is not. */
  readonly replyTo?: string | undefined;
}

const INTENTS = { command: "Send", event: "Publish", reply: "Reply" } as const;

/**
 * Makes a message ready to leave: where it goes, what it belongs to, and its event.
 * @throws InvalidBody, InvalidHeader, InvalidName, NoReplyAddress
 */
export function compose(
  definition: MessageIdentity,
  body: object,
  id: string,
  { source, handling, sentAt }: Origin,
  said: Said = {},
): Outgoing {
  const destination = destinationOf(definition, handling, said.to);
  const replyTo = said.replyTo ?? (handling === undefined || definition.kind === "event" ? undefined : source);
  if (replyTo !== undefined) requireComponentName(replyTo);
  const envelope: Envelope = {
    correlationId: said.correlationId ?? handling?.correlationId ?? id,
    ...(handling === undefined ? {} : { causationId: handling.messageId }),
    source,
    ...(destination === undefined ? {} : { destination }),
    ...(replyTo === undefined ? {} : { replyTo }),
    intent: INTENTS[definition.kind],
    sentAt,
    headers: said.headers ?? {},
  };
  return toOutgoing(definition, body, id, envelope);
}

function destinationOf(
  definition: MessageIdentity,
  handling: MessageFacts | undefined,
  to: string | undefined,
): string | undefined {
  if (definition.kind === "event") return undefined;
  const destination = definition.kind === "command" ? (to ?? definition.to) : handling?.replyTo;
  if (destination === undefined) throw new NoReplyAddress(handling?.messageId ?? "", handling?.type ?? "");
  requireComponentName(destination);
  return destination;
}
