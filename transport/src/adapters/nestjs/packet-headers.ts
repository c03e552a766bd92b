import type { MessageContext } from "../../index.ts";

/** Headers by which server and client know each other's messages. */
export const PACKET = {
  /** `request`: an answer is waited for. `response`: this is one. */
  kind: "nest.packet",
  /** Place of a value among those of an answer, from 0 on. None: the answer is broken off. */
  index: "nest.index",
} as const;

/** The address at which the processes of a client hear of answers. */
export const repliesOf = (name: string): string => `${name}.replies`;

/** Whether somebody waits for an answer to it. */
export const isRequest = ({ headers, replyTo }: MessageContext): boolean =>
  headers[PACKET.kind] === "request" && replyTo !== undefined;
