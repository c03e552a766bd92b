import type { EventReader } from "../../event-store/event-store.ts";
import { linkTarget } from "../../events/link.ts";
import { scan } from "../../stream-panel/reading/scan.ts";
import type { FlowEvent, FlowLink } from "../schemas.ts";
import { inLogOrder } from "../model/causes.ts";

/** Links of all conversations that are looked at: those of one lie near its events. */
const LOOKED = 50_000;

export interface LinksFound {
  readonly links: readonly FlowLink[];
  readonly looked: number;
  /** The log was read to its end. */
  readonly isWhole: boolean;
}

/** How projections led these events on: the links to them, from the first event on. */
export async function readLinks(
  reader: EventReader,
  events: readonly FlowEvent[],
  signal: AbortSignal,
  onProgress: (looked: number) => void,
): Promise<LinksFound> {
  const [first] = inLogOrder(events);
  if (first === undefined) return { links: [], looked: 0, isWhole: true };
  const keys = new Set(events.map(({ key }) => key));
  const links: FlowLink[] = [];
  let looked = 0;
  let isWhole = false;
  const source = { all: true, filter: { on: "type", prefixes: ["$>"] } } as const;
  const place = { commit: first.commit, prepare: first.prepare };
  const from = { place, isIncluded: false } as const;
  const options = { from, direction: "forwards", followsLinks: false, signal, wanted: () => LOOKED - looked } as const;
  for await (const { entries, isEnd } of scan(reader, source, options)) {
    looked += entries.length;
    isWhole = isEnd;
    for (const { recorded } of entries) {
      const target = linkTarget(recorded);
      const key = target === undefined ? "" : `${target.revision}@${target.stream}`;
      // The server's lists of conversations, types and streams lead nowhere.
      if (!keys.has(key) || /^\$(?:bc|et|streams|category)(?:-|$)/.test(recorded.stream)) continue;
      links.push({ key, stream: recorded.stream, revision: String(recorded.revision), created: recorded.created });
    }
    onProgress(looked);
  }
  return { links, looked, isWhole };
}
