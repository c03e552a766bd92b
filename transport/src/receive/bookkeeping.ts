import { randomUUID } from "node:crypto";
import type { NewEvent } from "../store/event.ts";
import type { Store } from "../store/store.ts";
import { WrongRevision } from "../store/wrong-revision.ts";

const NOTHING = new Uint8Array();

/** An event by which the instances of a component keep track of their work. */
export const noteOf = (type: string, body: object, id: string = randomUUID()): NewEvent => ({
  id,
  type,
  isJson: true,
  data: Buffer.from(JSON.stringify(body)),
  metadata: NOTHING,
});

/**
 * Has the server keep only the latest events of a stream, where nobody has said otherwise.
 * @throws ServerUnreachable, AccessRefused
 */
export async function limitLength(store: Pick<Store, "append">, stream: string, length: number): Promise<void> {
  try {
    await store.append(`$$${stream}`, [noteOf("$metadata", { $maxCount: length })], { expected: "no stream" });
  } catch (error) {
    if (!(error instanceof WrongRevision)) throw error;
  }
}
