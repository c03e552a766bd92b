import { parkedRecordStream, parkedStream } from "@sluice/transport/topology";
import { AccessDeniedError } from "../../event-store/errors.ts";
import type { EventReader, RecordedEvent, StreamEntry } from "../../event-store/event-store.ts";
import { metadataOf } from "../../events/metadata.ts";
import { linkTarget } from "../../events/link.ts";
import { scan } from "../../stream-panel/reading/scan.ts";
import type { FlowEvent, Parking } from "../schemas.ts";
import { eventKey } from "./message-of.ts";
import { isMissing } from "./read-index.ts";

/** The newest of each component that are looked at. */
const LOOKED = 1_000;
/** More components than these no conversation has that a person could follow. */
const COMPONENTS = 50;

export interface ParkingsFound {
  readonly parkings: readonly Parking[];
  /** Components of which only the newest parked messages were looked at, and those of which this login may see none. */
  readonly cut: readonly string[];
  readonly denied: readonly string[];
}

/** Which of these events were put aside by the components that they went to, and what became of them. */
export async function readParkings(
  reader: EventReader,
  events: readonly FlowEvent[],
  signal: AbortSignal,
): Promise<ParkingsFound> {
  const keys = new Set(events.map(({ key }) => key));
  const touched = events.flatMap(({ party, isComponent, destination }) => [
    ...(isComponent ? [party] : []),
    ...(destination === undefined ? [] : [destination]),
  ]);
  const components = [...new Set(touched)].slice(0, COMPONENTS);
  const found = await Promise.all(components.map((component) => parkingsOf(reader, component, keys, signal)));
  return {
    parkings: found.flatMap(({ parkings }) => parkings),
    cut: found.filter(({ reach }) => reach === "cut").map(({ component }) => component),
    denied: found.filter(({ reach }) => reach === "denied").map(({ component }) => component),
  };
}

async function parkingsOf(reader: EventReader, component: string, keys: ReadonlySet<string>, signal: AbortSignal) {
  const { entries, reach } = await newest(reader, parkedStream(component), true, signal);
  const parked = entries.flatMap(({ recorded, target }) => {
    const key = target === undefined ? undefined : originalKey(target);
    return key !== undefined && keys.has(key) ? [{ key, recorded }] : [];
  });
  if (parked.length === 0) return { component, parkings: [], reach };
  const record = await newest(reader, parkedRecordStream(component), false, signal);
  const states = statesOf(record.entries.map(({ recorded }) => recorded));
  const parkings = parked.map(({ key, recorded }): Parking => ({
    key,
    component,
    at: recorded.created,
    ...reasonOf(recorded),
    state: states.get(recorded.id) ?? "parked",
  }));
  return { component, parkings, reach };
}

async function newest(
  reader: EventReader,
  stream: string,
  followsLinks: boolean,
  signal: AbortSignal,
): Promise<{ readonly entries: readonly StreamEntry[]; readonly reach: "whole" | "cut" | "denied" }> {
  const entries: StreamEntry[] = [];
  let isCut = false;
  const wanted = (): number => LOOKED - entries.length;
  try {
    const options = { from: "end", direction: "backwards", followsLinks, signal, wanted } as const;
    for await (const step of scan(reader, { stream }, options)) {
      entries.push(...step.entries);
      isCut = !step.isEnd;
    }
  } catch (error) {
    if (error instanceof AccessDeniedError) return { entries: [], reach: "denied" };
    if (!isMissing(error)) throw error;
  }
  return { entries, reach: isCut ? "cut" : "whole" };
}

/** What a parked link leads to is a place in the queue, where a link to the event lies again. */
function originalKey(target: RecordedEvent): string {
  const further = linkTarget(target);
  return further === undefined ? eventKey(target) : `${further.revision}@${further.stream}`;
}

/** The receiver's words behind the server's; where somebody else has parked it, there is only a text, or none. */
function reasonOf(link: RecordedEvent): Pick<Parking, "exception" | "message" | "attempts"> {
  const { reason } = metadataOf(link.metadata);
  const text = typeof reason === "string" ? reason : "";
  const begin = text.indexOf("{");
  const { exception, attempts } = objectIn(begin < 0 ? "" : text.slice(begin));
  const { name, message } = Object(exception) as Readonly<Record<string, unknown>>;
  return typeof name === "string"
    ? {
        exception: name,
        message: typeof message === "string" ? message.slice(0, 500) : "",
        attempts: typeof attempts === "number" ? attempts : 0,
      }
    : { exception: text.trim() === "" ? "?" : text.trim().slice(0, 200), message: "", attempts: 0 };
}

const STATES: ReadonlyMap<string, Parking["state"]> = new Map([
  ["sluice.ParkedRetried", "retried"],
  ["sluice.ParkedEdited", "edited"],
  ["sluice.ParkedArchived", "archived"],
]);

/** What was done with parked messages, by the ids of their parkings; the first word counts, as for the transport. */
function statesOf(newestFirst: readonly RecordedEvent[]): ReadonlyMap<string, Parking["state"]> {
  const states = new Map<string, Parking["state"]>();
  for (const { type, data } of newestFirst) {
    const state = STATES.get(type);
    const { parked } = objectIn(new TextDecoder().decode(data));
    if (state === undefined || !Array.isArray(parked)) continue;
    for (const id of parked) if (typeof id === "string") states.set(id, state);
  }
  return states;
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
