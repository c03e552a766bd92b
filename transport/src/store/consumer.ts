import { PersistentSubscriptionDoesNotExistError } from "@eventstore/db-client";
import type { Calls } from "./calls.ts";
import { expectConfirmation } from "./confirmation.ts";
import { GroupNotFound } from "./group-not-found.ts";
import { persistent, PersistentSubscriptionsClient, shared, streamIdentifier, uuid } from "./generated.ts";
import type { QueueAddress } from "./queue-address.ts";
import { type ReadAnswer, readAnswer, type ReadEvent } from "./read-answer.ts";
import { writeUuid } from "./wire-uuid.ts";
import { WireWriter } from "./wire-writer.ts";

/** An event as the server handed it out once. */
export interface HandedOut extends ReadEvent {
  /** By this the server knows it: the id of the link in the queue, or the event's own where it came without one. */
  readonly key: string;
}

/** What a consumer tells of. */
export interface ConsumerListener {
  /** It takes part in the group now. Comes before the first event. */
  confirmed(): void;
  handedOut(event: HandedOut): void;
}

/** One consumer of a group, from its beginning to its end. It never comes back: a new one takes its place. */
export interface Consumer {
  /** Settles when it has ended; with the failure, or undefined where it was closed here. Never rejects. */
  readonly ended: Promise<unknown>;
  /** What is settled now reaches the server. */
  readonly isLive: boolean;
  /** Done with. Those of one turn of the event loop leave together. */
  ack(key: string): void;
  /** Put aside for a person, with the reason. */
  park(key: string, reason: string): void;
  /** To be handed out again, to any consumer of the group. */
  giveBack(key: string): void;
  /** Ends it, behind the settlements. */
  close(): Promise<void>;
}

/** The gRPC status of a call that ended well. */
const OK = 0;

const METHOD = "/event_store.client.persistent_subscriptions.PersistentSubscriptions/Read";

interface Call {
  write(request: Buffer): unknown;
  cancel(): void;
}

/**
 * Joins a group. @param slots events the server hands out before the first of them is settled.
 * What ends it is ServerUnreachable, AccessRefused, GroupNotFound, or what else the server says.
 */
export function consume(calls: Calls, address: QueueAddress, slots: number, listener: ConsumerListener): Consumer {
  const { promise: ended, resolve } = Promise.withResolvers<unknown>();
  let call: Call | undefined;
  let live = true;
  let confirmed = false;
  let acks: string[] = [];

  const end = (failure: unknown): void => {
    if (!live) return;
    live = false;
    settled();
    resolve(failure);
    // Settlements written in this turn of the event loop go before the cancellation.
    setImmediate(() => call?.cancel());
  };
  const settled = expectConfirmation(calls, end);
  const write = (request: Buffer): void => void (live && call?.write(request));
  const flush = (): void => {
    if (acks.length > 0) write(acknowledgement(acks));
    acks = [];
  };

  calls
    .withStub(PersistentSubscriptionsClient, Infinity, async (stub, [metadata, limits]) => {
      if (!live) return;
      const made = stub.makeBidiStreamRequest<Buffer, ReadAnswer>(
        METHOD,
        (request) => request,
        readAnswer,
        metadata,
        limits,
      );
      call = made;
      made.on("data", ({ event, isConfirmation }: ReadAnswer) => {
        if (!live) return;
        calls.heard();
        if (event !== undefined) listener.handedOut(handedOutOf(event));
        if (!isConfirmation) return;
        settled();
        confirmed = true;
        listener.confirmed();
      });
      const over = Promise.withResolvers<void>();
      made.on("error", over.reject);
      // An `end` comes before an error, too: only the status tells the one from the other.
      made.on("status", ({ code }: { readonly code: number }) => {
        if (code === OK) over.resolve();
      });
      made.write(joining(address, slots));
      // The client looks for another node where this fails as the failures of its own calls do.
      await over.promise;
      throw calls.unreachable(`It ended the subscription${confirmed ? "" : " before it began"}.`);
    })
    .catch((error: unknown) => {
      end(
        error instanceof PersistentSubscriptionDoesNotExistError ? new GroupNotFound(address, { cause: error }) : error,
      );
    });

  return {
    ended,
    get isLive() {
      return live;
    },
    ack(key) {
      if (acks.length === 0) setImmediate(flush);
      acks.push(key);
    },
    park: (key, reason) => write(refusal(key, persistent.ReadReq.Nack.Action.PARK, reason)),
    giveBack: (key) => write(refusal(key, persistent.ReadReq.Nack.Action.RETRY, "given back")),
    async close() {
      flush();
      end(undefined);
      await ended;
    },
  };
}

const handedOutOf = (read: ReadEvent): HandedOut => ({ ...read, key: read.link?.id ?? read.event?.id ?? "" });

function joining({ stream, group }: QueueAddress, slots: number): Buffer {
  const options = new persistent.ReadReq.Options();
  options.setStreamIdentifier(streamIdentifier(stream));
  options.setGroupName(group);
  options.setBufferSize(slots);
  const asText = new persistent.ReadReq.Options.UUIDOption();
  asText.setString(new shared.Empty());
  options.setUuidOption(asText);
  const request = new persistent.ReadReq();
  request.setOptions(options);
  return Buffer.from(request.serializeBinary());
}

/** Bytes that a UUID takes in it. */
const OF_UUID = 40;

/** By hand, since there is one for nearly every message: a fifth of the time of the generated classes. */
function acknowledgement(keys: readonly string[]): Buffer {
  const writer = new WireWriter(OF_UUID * (keys.length + 1));
  for (const key of keys.toReversed()) writeUuid(writer, 2, key);
  writer.message(2, 0);
  return writer.written;
}

function refusal(
  key: string,
  action: InstanceType<typeof persistent.ReadReq.Nack> extends { setAction(action: infer Action): unknown }
    ? Action
    : never,
  reason: string,
): Buffer {
  const nack = new persistent.ReadReq.Nack();
  nack.setAction(action);
  nack.setReason(reason);
  nack.setIdsList([uuid(key)]);
  const request = new persistent.ReadReq();
  request.setNack(nack);
  return Buffer.from(request.serializeBinary());
}
