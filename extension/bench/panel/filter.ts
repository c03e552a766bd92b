import { PanelSession } from "../../src/stream-panel/host/panel-session.ts";
import type { BenchCase } from "../panel-case.ts";

const FILTERS = ["type:OrderLost", "nowhere", "$.customer.name=Nobody", "meta:$.$correlationId=none"];

/** Filters that let nothing through, so that every event is read and looked at; then one that is cancelled. */
export const benchCase: BenchCase = {
  name: "stream panel: filter over all events",
  async run({ store, events }) {
    const figures: Record<string, string> = {};
    for (const filter of FILTERS) {
      const { seconds, notes } = await search(filter, Infinity);
      figures[filter] =
        `${seconds.toFixed(1)} s, ${Math.round(events / seconds)} events/s, progress told ${notes} times`;
    }
    const { stopped } = await search("nowhere", events / 10);
    figures["cancelled after a tenth"] = `nothing told later than ${stopped.toFixed(1)} ms`;
    return figures;

    async function search(filter: string, until: number) {
      const done = Promise.withResolvers<void>();
      let notes = 0;
      let last = 0;
      let cancelled = 0;
      const session = new PanelSession({
        open: () => Promise.resolve(store),
        wait: () => Promise.reject(new Error("the server is away")),
        onState: () => {},
        post(message) {
          notes++;
          last = performance.now();
          if (message.kind !== "rows" || message.isDone) done.resolve();
          else if (message.scanned >= until && cancelled === 0) {
            cancelled = performance.now();
            session.handle({ kind: "cancel", request: 1 });
            setTimeout(() => done.resolve(), 500);
          }
        },
      });
      const began = performance.now();
      const source = { stream: "million" };
      session.handle({ kind: "page", request: 1, source, from: "start", direction: "forwards", count: 100, filter });
      await done.promise;
      return { seconds: (last - began) / 1_000, notes, stopped: last - cancelled };
    }
  },
};
