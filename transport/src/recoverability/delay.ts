import type { FailedAttempt } from "../receive/attempt.ts";
import type { Store } from "../store/store.ts";
import { minuteOf, minuteText } from "../topology/minute.ts";
import { laterStream } from "../topology/stream-names.ts";
import { delayedCopy } from "./retry-copy.ts";

/** Stores a copy of a failed message that comes again at a moment. Of one that is stored twice, after a crash, the scheduler links one. */
export async function delay(
  store: Pick<Store, "append">,
  address: string,
  failure: FailedAttempt,
  deliverAt: Date,
): Promise<void> {
  const copy = delayedCopy({ ...failure, messageId: failure.context.messageId, deliverAt });
  await store.append(laterStream(address, minuteText(minuteOf(deliverAt.getTime()))), [copy]);
}
