import { randomUUID } from "node:crypto";
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
  id: string = randomUUID(),
): Promise<void> {
  const data = Buffer.from(JSON.stringify(metadata));
  const event = { id, type: "$metadata", isJson: true, data, metadata: new Uint8Array() };
  try {
    await store.append(`$$${stream}`, [event], { expected: "no stream" });
  } catch (error) {
    if (!(error instanceof WrongRevision)) throw error;
  }
}
