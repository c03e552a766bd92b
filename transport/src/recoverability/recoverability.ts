import type { Recover } from "../declare/recover.ts";
import type { FailedAttempt } from "../receive/attempt.ts";
import type { ErrorResult } from "../seam/contexts.ts";
import type { TransportMessage } from "../seam/transport-message.ts";
import { metadataOf, type StoredEvent } from "../store/event.ts";
import type { Store } from "../store/store.ts";
import { minuteOf, minuteText } from "../topology/minute.ts";
import { laterStream } from "../topology/stream-names.ts";
import { decide, type RetryOptions } from "./policy.ts";
import { delayedCopy } from "./retry-copy.ts";

/** A component's way with failures. */
export interface RecoverabilityOptions {
  readonly component: string;
  readonly retries: RetryOptions;
  readonly recover: Recover | undefined;
  readonly store: Pick<Store, "append">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A number from 0 to 1. */
  readonly random: () => number;
}

/** What a receiver asks when handling has failed. */
export interface Recoverability {
  onError(failure: FailedAttempt): Promise<ErrorResult>;
  /** Stores a copy that comes again later. Of one that is stored twice, after a crash, the scheduler links one. */
  delay(failure: FailedAttempt, milliseconds: number): Promise<void>;
}

export function recoverabilityOf(options: RecoverabilityOptions): Recoverability {
  const { component, retries, recover, store, now, random } = options;
  return {
    onError: (failure) =>
      decide(
        {
          message: transportMessageOf(failure.event, failure.context.messageId),
          nativeId: failure.event.id,
          receiveAddress: component,
          error: failure.error,
          immediateFailures: failure.immediateFailures,
          delayedRetries: failure.delayedRetries,
          unknownTypeRetries: failure.unknownTypeRetries,
          firstFailedAt: failure.firstFailedAt,
          items: failure.items,
        },
        recover,
        retries,
        random(),
      ),
    async delay(failure, milliseconds) {
      const deliverAt = new Date(now() + milliseconds);
      const copy = delayedCopy({ ...failure, messageId: failure.context.messageId, deliverAt });
      await store.append(laterStream(component, minuteText(minuteOf(deliverAt.getTime()))), [copy]);
    },
  };
}

/** The message as it was received; of its headers those that are texts, numbers and booleans. */
function transportMessageOf(event: StoredEvent, id: string): TransportMessage {
  const { type, data, isJson } = event;
  const said = Object.entries(Object(metadataOf(event)) as Readonly<Record<string, unknown>>);
  const headers = Object.fromEntries(said.flatMap(([name, value]) => (isHeader(value) ? [[name, value]] : [])));
  return { id, type, headers, body: data, isJson };
}

const isHeader = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";
