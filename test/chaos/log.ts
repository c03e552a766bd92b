import { type EventStoreDBClient, type ReadPosition, START } from "@eventstore/db-client";

/** A message, or an event of an aggregate or process manager, where it is stored. */
export interface Stored {
  readonly kind: "stored";
  readonly stream: string;
  readonly revision: number;
  /** Of the message: a copy for a later retry has the id of its original. */
  readonly id: string;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly correlationId: string;
  readonly causationId: string | undefined;
  /** It is a copy that is handled again later, because of this failure. */
  readonly retriedAfter: string | undefined;
}

/** An entry that leads to another one, such as in a component's queue or among its parked messages. */
export interface Link {
  readonly kind: "link";
  readonly stream: string;
  readonly revision: number;
  /** `<revision>@<stream>` */
  readonly to: string;
}

export type Entry = Stored | Link;

/** Reads all that a server holds, in the order of its log, a bit more each time. */
export class Log {
  readonly entries: Entry[] = [];
  readonly #client: EventStoreDBClient;
  #after: { readonly commit: bigint; readonly prepare: bigint } | undefined;

  constructor(client: EventStoreDBClient) {
    this.#client = client;
  }

  /** How many entries have come since the last time, of those that tell anything. */
  async read(): Promise<number> {
    const before = this.entries.length;
    const { commit: last = -1n } = this.#after ?? {};
    const fromPosition: ReadPosition = this.#after ?? START;
    for await (const { event } of this.#client.readAll({ fromPosition, resolveLinkTos: false })) {
      if (event === undefined || event.position.commit <= last) continue;
      this.#after = event.position;
      const entry = entryOf(event);
      if (entry !== undefined) this.entries.push(entry);
    }
    return this.entries.length - before;
  }
}

interface Read {
  readonly streamId: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
}

function entryOf({ streamId: stream, revision: at, id, type, data, metadata }: Read): Entry | undefined {
  const revision = Number(at);
  if (type === "$>") return { kind: "link", stream, revision, to: textOf(data) };
  if (type.startsWith("$") || stream.startsWith("$")) return undefined;
  const said = Object(metadata) as Record<string, string | undefined>;
  const { $correlationId, $causationId } = said;
  return {
    kind: "stored",
    stream,
    revision,
    id: said["sluice.messageId"] ?? id,
    type,
    body: Object(data) as Record<string, unknown>,
    correlationId: $correlationId ?? id,
    causationId: $causationId,
    retriedAfter: said["sluice.lastFailure"],
  };
}

const textOf = (data: unknown): string =>
  typeof data === "string" ? data : Buffer.from(data as Uint8Array).toString();
