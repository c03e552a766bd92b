import type { ParkedMessage, ParkedMessages } from "@sluice/transport/deploy";
import { UsageError } from "../command-line/usage-error.ts";

/** Messages looked through at a time. */
const PAGE = 500;

/**
 * The parked message whose id, or whose message's id, begins like this.
 * @throws UsageError where there is none, or several.
 */
export async function findParked(parked: ParkedMessages, component: string, begin: string): Promise<ParkedMessage> {
  const found: ParkedMessage[] = [];
  for (let from: string | undefined; ;) {
    const page = await parked.list({ from, limit: PAGE });
    found.push(...page.messages.filter(({ id, message }) => id.startsWith(begin) || message?.id.startsWith(begin)));
    if (page.next === undefined) break;
    from = page.next;
  }
  const [one, another] = found;
  if (one === undefined) {
    throw new UsageError(
      `No parked message of ${component} has an id that begins with "${begin}": it was dealt with, or never was. sluice parked list ${component} shows which there are.`,
    );
  }
  if (another !== undefined) {
    throw new UsageError(`${found.length} parked messages have an id that begins with "${begin}": give more of it.`);
  }
  return one;
}
