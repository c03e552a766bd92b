import { jsonEvent } from "./json-event.ts";
import type { Store } from "./store.ts";
import { WrongRevision } from "./wrong-revision.ts";

/**
 * Gives a stream its first metadata; where somebody has given it some, it keeps those.
 * @throws ServerUnreachable, AccessRefused
 */
export async function describeStream(
  store: Pick<Store, "append">,
  stream: string,
  metadata: object,
  id?: string,
): Promise<void> {
  try {
    await store.append(`$$${stream}`, [jsonEvent("$metadata", JSON.stringify(metadata), id)], {
      expected: "no stream",
    });
  } catch (error) {
    if (!(error instanceof WrongRevision)) throw error;
  }
}
