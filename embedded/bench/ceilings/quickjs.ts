/** QuickJS alone: the handlers of the benchmark's projections, called with the same events and with nothing around them. */
import { Sandbox } from "../../src/projections/script/sandbox.ts";
import { DATA, EVENT_TYPE, METADATA } from "../events.ts";
import type { Sample } from "../figure.ts";
import { FILTER_HANDLERS, ROUTER_HANDLERS } from "../handlers.ts";

export interface QuickJsWork {
  readonly seconds: number;
  readonly handlers: "router" | "router and filter";
}

/** Takes an event as texts and answers where the handler links it to: the least that a projection needs. */
const world = `(function () {
  let handlers, target = "";
  globalThis.linkTo = (stream, e) => { target = stream; };
  globalThis.load = (of) => { handlers = of; };
  return (text) => {
    const [stream, number, type, data, metadata, linkMetadata] = text.split("\\u0001");
    const e = {
      isJson: true, streamId: stream, sequenceNumber: +number, eventType: type,
      get data() { return JSON.parse(data); },
      get metadata() { return JSON.parse(metadata); },
      get linkMetadata() { return JSON.parse(linkMetadata); },
    };
    target = "";
    (handlers.$any ?? handlers[type])({}, e);
    return target;
  };
})()`;

const LINK_METADATA = '{"$v":"1:-1:1:4","$c":123456789,"$p":123456789,"$o":"out-sales"}';
const UNLIMITED = Number.POSITIVE_INFINITY;

async function handler(handlers: string): Promise<(number: number) => string> {
  const sandbox = await Sandbox.create({ log() {}, reword: (text) => text });
  const handle = sandbox.evaluate(world, "world", UNLIMITED);
  sandbox.evaluate(`load(${handlers})`, "handlers", UNLIMITED);
  const separator = "\x01";
  return (number) =>
    sandbox.call(
      handle,
      [
        `intermediate.sales${separator}${number}${separator}${EVENT_TYPE}${separator}`,
        DATA,
        separator,
        METADATA,
        separator,
        LINK_METADATA,
      ],
      UNLIMITED,
    );
}

const router = await handler(ROUTER_HANDLERS);
const filter = await handler(FILTER_HANDLERS);

function work({ seconds, handlers }: QuickJsWork): Sample {
  const begun = performance.now();
  let events = 0;
  while (performance.now() - begun < seconds * 1000) {
    for (let i = 0; i < 100; i++) {
      if (router(events) === "" || (handlers === "router and filter" && filter(events) === "")) {
        throw new Error("A handler linked nothing.");
      }
      events++;
    }
  }
  return { perSecond: (events * 1000) / (performance.now() - begun) };
}

process.on("message", (question) => {
  if (typeof question === "object") process.send?.(work(question as QuickJsWork));
});
console.log(JSON.stringify({ event: "ready" }));
