import assert from "node:assert/strict";
import { test } from "node:test";
import { parkedMessagesOf } from "../../src/recoverability/parked.ts";
import type { ResolvedEvent, StoredEvent } from "../../src/store/event.ts";
import { parkedStream } from "../../src/topology/stream-names.ts";

const MANY = 100_000;

/** A server with so many parked messages of three groups, which counts what is read of them. */
function parkedServer(count: number) {
  const links: StoredEvent[] = Array.from({ length: count }, (_, n) => ({
    stream: parkedStream("work"),
    id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
    revision: BigInt(n),
    position: undefined,
    type: "$>",
    isJson: false,
    created: new Date(n),
    data: Buffer.from(`${n}@$ce-in.work`),
    metadata: Buffer.from(
      JSON.stringify({ reason: `text\n{"failureGroup":"group ${n % 3}","exception":{"name":"E"}}` }),
    ),
  }));
  const counted = { links: 0 };
  let truncatedBefore = 0;
  const resolved = (events: readonly StoredEvent[]): ResolvedEvent[] => {
    counted.links += events.length;
    return events.map((event) => ({ event, link: undefined }));
  };
  const slice = (stream: string, from: number, limit: number): ResolvedEvent[] => {
    if (stream !== parkedStream("work")) return [];
    const begin = Math.max(from, truncatedBefore);
    return resolved(links.slice(begin, begin + limit));
  };
  return {
    counted,
    truncate: (before: number) => void (truncatedBefore = before),
    store: {
      append: async () => 0n,
      read: async (stream: string, { from = 0n, limit }: { from?: bigint | string; limit: number }) =>
        slice(stream, Number(from), limit),
      async *pages(stream: string, { from = 0n, size }: { from?: bigint | string; size: number }) {
        for (let at = Number(from); ; at += size) {
          const page = slice(stream, at, size);
          if (page.length === 0) return;
          yield page;
        }
      },
    },
  };
}

test("parked – of a hundred thousand each is read through once; a page, or a look at the groups, then reads what it shows", async () => {
  const { store, counted, truncate } = parkedServer(MANY);
  const messages = parkedMessagesOf(store as never, "work", () => new Date(0));
  const groups = await messages.groups();
  assert.deepEqual(
    groups.map(({ failureGroup, count }) => [failureGroup, count]),
    [
      ["group 0", 33_334],
      ["group 1", 33_333],
      ["group 2", 33_333],
    ],
  );
  const shown: string[] = [];
  counted.links = 0;
  let from: string | undefined;
  for (let pages = 0; pages < 20; pages += 1) {
    const page = await messages.list({ from, limit: 50, failureGroup: "group 1" });
    shown.push(...page.messages.map(({ id }) => id.slice(-6)));
    from = page.next;
  }
  assert.deepEqual([shown.length, shown[0], shown.at(-1)], [1_000, "000001", "002998"]);
  assert.ok(counted.links <= 1_100, `${counted.links} are read for 1,000 shown`);
  // The server has sent back the older ones by itself.
  truncate(MANY - 1);
  assert.deepEqual(
    (await messages.groups()).map(({ failureGroup, count }) => [failureGroup, count]),
    [["group 0", 1]],
  );
});
