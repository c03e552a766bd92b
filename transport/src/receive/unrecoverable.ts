import { InvalidBody } from "../messages/invalid-body.ts";
import { InvalidHeader } from "../messages/invalid-header.ts";
import { InvalidTiming } from "../messages/invalid-timing.ts";
import { NoReplyAddress } from "../messages/no-reply-address.ts";
import { SchemaRefused } from "../messages/schema-refused.ts";
import { MessageTooLarge } from "../messages/message-too-large.ts";
import { InvalidName } from "../topology/invalid-name.ts";
import { UnreadableMessage } from "./unreadable-message.ts";

/** Thrown by a handler for what no retry can mend: the message is parked at once. */
export class Unrecoverable extends Error {
  override readonly name = "Unrecoverable";
}

const NEVER_MENDED = [
  Unrecoverable,
  UnreadableMessage,
  SchemaRefused,
  InvalidBody,
  InvalidHeader,
  NoReplyAddress,
  InvalidName,
  InvalidTiming,
  MessageTooLarge,
];

/** Whether handling the message again is sure to end in the same way. */
export const isUnrecoverable = (error: unknown): boolean => NEVER_MENDED.some((type) => error instanceof type);
