import { monitorEventLoopDelay } from "node:perf_hooks";
import { PanelSession } from "../../src/stream-panel/host/panel-session.ts";
import type { BenchCase } from "../panel-case.ts";

const FILTERS = ["type:OrderLost", "nowhere", "$.lines[1].product=none", "meta:$.$correlationId=none"];

/** Filters that let nothing through, so that every event is read and looked at; then one that is canceled on the way. */
export const benchCase: BenchCase = {
  name: "stream panel: filter over all events",
  async run({ store, stream, events }) {
    const figures: Record<string, string> = {};
    for (const filter of FILTERS) {
      const { seconds, notes, busy } = await search(filter, Infinity);
      figures[`\`${filter}\``] =
        `${seconds.toFixed(1)} s, ${Math.round(events / seconds)} events/s, progress told ${notes} times, ` +
        `host busy for at most ${busy.toFixed(0)} ms at a stretch`;
    }
    const { later, readAfter } = await search("nowhere", events / 10);
    figures["canceled after a tenth"] =
      `${later} messages after it, ${readAfter} pages asked for after it; one page may be on its way`;
    return figures;

    async function search(filter: string, until: number) {
      const done = Promise.withResolvers<void>();
      let notes = 0;
      let later = 0;
      let readAfter = 0;
      let isCanceled = false;
      const session = new PanelSession({
        open: () =>
          Promise.resolve({
            ...store,
            read(source, options) {
              readAfter += Number(isCanceled);
              return store.read(source, options);
            },
          }),
        wait: () => Promise.reject(new Error("the server is away")),
        onState: () => {},
        post(message) {
          notes++;
          later += Number(isCanceled);
          if (message.kind !== "rows" || message.isDone) done.resolve();
          else if (message.scanned >= until && !isCanceled) {
            isCanceled = true;
            session.handle({ kind: "cancel", request: 1 });
            setTimeout(() => done.resolve(), 500);
          }
        },
      });
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const began = performance.now();
      session.handle({
        kind: "page",
        request: 1,
        source: { stream },
        from: "start",
        direction: "forwards",
        count: 100,
        filter,
      });
      await done.promise;
      delay.disable();
      return { seconds: (performance.now() - began) / 1_000, notes, later, readAfter, busy: delay.max / 1e6 };
    }
  },
};
