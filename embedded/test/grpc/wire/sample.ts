import { createRequire } from "node:module";
import type { Message } from "../../../src/grpc/wire/message.ts";

/** A class that protoc generated for the official client. */
export interface Generated {
  deserializeBinary(bytes: Uint8Array): { serializeBinary(): Uint8Array; toObject(): unknown };
}

const require = createRequire(import.meta.url);
const generated = (file: string): Record<string, unknown> => require(`@eventstore/db-client/generated/${file}_pb`);
const files = {
  streams: generated("streams"),
  persistent: generated("persistent"),
  projections: generated("projections"),
  gossip: generated("gossip"),
  serverfeatures: generated("serverfeatures"),
  shared: generated("shared"),
  status: generated("status"),
};

export interface Sample {
  readonly name: string;
  readonly own: Message<unknown>;
  readonly generated: Generated;
  readonly value: unknown;
  /** Enum names by the numbers that the generated classes know them by. */
  readonly enums: Readonly<Record<string, string>>;
}

/** Samples of one message; with types, so that a wrong name does not compile. */
export function samplesOf<Out, In>(
  file: keyof typeof files,
  name: string,
  own: Message<Out, In>,
  values: readonly NoInfer<In>[],
  enums: Record<string, string> = {},
): Sample[] {
  const target = name.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], files[file]);
  return values.map((value) => ({
    name: `${file}.${name}`,
    own: own as unknown as Message<unknown>,
    generated: target as Generated,
    value,
    enums,
  }));
}

/** Values that many messages share. */
export const id = "0d7b5bd8-9a58-4b3c-8f4e-2f1c3a4b5c6d";
export const bytes = Buffer.from([0, 1, 2, 250, 255]);
export const place = { commitPosition: 7_000_000_001, preparePosition: 6_999_999_999 };
export const filter = {
  filter: { case: "streamIdentifier", value: { regex: "^a", prefix: ["x", "é"] } },
  window: { case: "max", value: 32 },
  checkpointIntervalMultiplier: 4,
} as const;
export const record = {
  id,
  streamIdentifier: "orders-ü1",
  streamRevision: 12,
  preparePosition: 301,
  commitPosition: 302,
  metadata: [
    ["content-type", "application/json"],
    ["created", "17000000000000000"],
    ["type", "OrderPlaced"],
  ] as const,
  customMetadata: Buffer.from("{}"),
  data: bytes,
};
