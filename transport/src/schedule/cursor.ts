import { deriveId } from "../messages/ids.ts";
import { jsonEvent } from "../store/json-event.ts";
import { bodyOf, type NewEvent } from "../store/event.ts";
import { describeStream } from "../store/describe-stream.ts";
import type { Store } from "../store/store.ts";
import { KEPT_NOTES } from "../topology/access.ts";
import { scheduleStream } from "../topology/stream-names.ts";
import type { Progress } from "./agenda.ts";

/** What instances note of how far they are. An older one is true, too: it only makes a start read more. */
export interface Cursor extends Progress {
  /** Revisions in the streams of links; what they hold up to there belongs to finished minutes. */
  readonly deferred: bigint;
  readonly retries: bigint;
}

const SCHEDULED = "sluice.Scheduled";
/** Namespace of the ids of notes: the same note has the same id. */
const NAMESPACE = "0b6d5c5e-6f0a-4d4e-9f7e-6a1f5d0c3b7a";

/** The latest note; undefined where there is none that can be read. */
export async function readCursor(store: Pick<Store, "read">, component: string): Promise<Cursor | undefined> {
  const [last] = await store.read(scheduleStream(component), { direction: "backwards", limit: 1 });
  const said: Readonly<Record<string, unknown>> = Object(last?.event && bodyOf(last.event));
  const { finished, latest, sources } = said;
  const revisions = [said["heard"], said["deferred"], said["retries"]].map((text) =>
    typeof text === "string" && /^-?\d+$/.test(text) ? BigInt(text) : undefined,
  );
  const [heard, deferred, retries] = revisions;
  if (!Number.isSafeInteger(finished) || !Number.isSafeInteger(latest) || !Array.isArray(sources)) return undefined;
  if (heard === undefined || deferred === undefined || retries === undefined) return undefined;
  return {
    finished: Number(finished),
    latest: Number(latest),
    sources: new Set(sources.filter((source) => typeof source === "string")),
    heard,
    deferred,
    retries,
  };
}

/** Notes how far one is. The first one also has the server keep the latest few only. */
export async function writeCursor(
  store: Pick<Store, "append">,
  component: string,
  cursor: Cursor,
  isFirst: boolean,
): Promise<void> {
  const stream = scheduleStream(component);
  if (isFirst) await describeStream(store, stream, { $maxCount: KEPT_NOTES.schedule });
  const { finished, latest, sources, heard, deferred, retries } = cursor;
  const body = {
    finished,
    latest,
    sources: [...sources],
    heard: String(heard),
    deferred: String(deferred),
    retries: String(retries),
  };
  await store.append(stream, [eventOf(SCHEDULED, body)]);
}

function eventOf(type: string, body: object): NewEvent {
  const text = JSON.stringify(body);
  return jsonEvent(type, text, deriveId(NAMESPACE, text));
}
