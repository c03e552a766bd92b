import { once, EventEmitter } from "node:events";
import { PanelSession } from "../../src/stream-panel/host/panel-session.ts";
import type { ToView } from "../../src/stream-panel/protocol.ts";
import type { BenchCase } from "../panel-case.ts";

const ROUNDS = 50;

/** From the request's arrival in the host to the last row of the page on its way to the webview. */
export const benchCase: BenchCase = {
  name: "stream panel: first page",
  async run({ store, stream, events }) {
    const told = new EventEmitter();
    const session = new PanelSession({
      open: () => Promise.resolve(store),
      wait: () => Promise.reject(new Error("the server is away")),
      onState: () => {},
      post: (message: ToView) => message.kind === "rows" && message.isDone && told.emit("done", message),
    });
    const figures: Record<string, string> = { "events in the stream": String(events) };
    for (const from of ["start", "end"] as const) {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const done = once(told, "done");
        const began = performance.now();
        const direction = from === "start" ? "forwards" : "backwards";
        session.handle({
          kind: "page",
          request: round,
          source: { stream },
          from,
          direction,
          count: 100,
          filter: "",
        });
        await done;
        times.push(performance.now() - began);
      }
      times.sort((a, b) => a - b);
      const at = (share: number): string => `${times[Math.floor(share * (ROUNDS - 1))]!.toFixed(1)} ms`;
      figures[`from the ${from}`] = `median ${at(0.5)}, 95 % within ${at(0.95)}, slowest ${at(1)} (budget 50 ms)`;
    }
    return figures;
  },
};
