import type { ParkedMessage } from "@sluice/transport/deploy";
import type { ParkedReader } from "../server/server.ts";

/** Messages that are read at once. */
const AT_ONCE = 500;

/** The message of a parking; undefined where nobody finds it any more. */
export async function findParked(
  parked: Pick<ParkedReader, "list">,
  component: string,
  parkedId: string,
): Promise<ParkedMessage | undefined> {
  for (let from: string | undefined; ;) {
    const { messages, next } = await parked.list(component, { from, limit: AT_ONCE });
    const found = messages.find(({ id }) => id === parkedId);
    if (found !== undefined || next === undefined) return found;
    from = next;
  }
}
