import type { Parking } from "../schemas.ts";
import type { CausedEvent } from "./causes.ts";
import { flattened, type FlowNode } from "./flow-tree.ts";
import { nodeName, parkingText, remarksOf } from "./words.ts";

/** One message on its way from who wrote it to who handled it; or several alike. */
export interface SequenceStep {
  /** Of the node of the tree. */
  readonly key: string;
  readonly name: string;
  readonly from: string;
  /** Those it was sent to, and those that are known to have handled it or failed to: nobody else's handling leaves a trace. */
  readonly to: readonly string[];
  /** Those of {@link to} who have put it aside. */
  readonly failed: readonly string[];
  /** It is a copy, for a retry. */
  readonly isCopy: boolean;
  /** Since the first event of the conversation, in milliseconds. */
  readonly offset: number;
  /** Since its cause; undefined without one, and of several. */
  readonly latency: number | undefined;
  readonly remarks: readonly string[];
}

export interface Sequence {
  /** In the order in which they come up. */
  readonly parties: readonly string[];
  readonly steps: readonly SequenceStep[];
}

/** What the nodes of the tree tell as messages between components, in the order of the log. */
export function sequenceOf(nodes: readonly FlowNode[], events: readonly CausedEvent[]): Sequence {
  const places = new Map(events.map(({ event }, place) => [event.key, place]));
  const handlers = handlersOf(events);
  const begin = events[0]?.event.created ?? 0;
  const steps = flattened(nodes)
    .flatMap(({ node }) => {
      const told = toldBy(node);
      const [first] = told?.members ?? [];
      if (told === undefined || first === undefined) return [];
      const place = places.get(first.event.key) ?? 0;
      return [{ place, step: stepOf(node, told.members, told.parkings, handlers, begin) }];
    })
    .sort((one, other) => one.place - other.place)
    .map(({ step }) => step);
  return { parties: [...new Set(steps.flatMap(({ from, to }) => [from, ...to]))], steps };
}

/** The events that a node stands for here; those of an open group stand for themselves. */
function toldBy(
  node: FlowNode,
): { readonly members: readonly CausedEvent[]; readonly parkings: readonly Parking[] } | undefined {
  if (node.kind === "event") return { members: [node.caused], parkings: node.parkings };
  return node.kind === "group" && !node.isOpen ? { members: node.members, parkings: [] } : undefined;
}

function stepOf(
  node: FlowNode,
  members: readonly CausedEvent[],
  parkings: readonly Parking[],
  handlers: ReadonlyMap<string, readonly string[]>,
  begin: number,
): SequenceStep {
  const [first] = members;
  const isOne = members.length === 1;
  const failed = parkings.filter(({ state }) => state === "parked").map(({ component }) => component);
  const to = members.flatMap(({ event }) =>
    event.destination === undefined ? (handlers.get(event.key) ?? []) : [event.destination],
  );
  return {
    key: node.key,
    name: nodeName(node),
    from: first?.event.party ?? "",
    to: [...new Set([...to, ...parkings.map(({ component }) => component)])],
    failed,
    isCopy: isOne && (first?.way === "copied" || first?.way === "edited"),
    offset: (first?.event.created ?? begin) - begin,
    latency: isOne ? first?.latency : undefined,
    remarks: isOne && first !== undefined ? remarksOf(first, parkings) : parkings.map(parkingText),
  };
}

/** Who has written something because of an event. */
function handlersOf(events: readonly CausedEvent[]): ReadonlyMap<string, readonly string[]> {
  const handlers = new Map<string, string[]>();
  for (const { cause, way, event } of events) {
    if (cause === undefined || way !== "handled") continue;
    const known = handlers.get(cause) ?? [];
    if (!known.includes(event.party)) handlers.set(cause, [...known, event.party]);
  }
  return handlers;
}
