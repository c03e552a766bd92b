import { HEADER, messageContextOf } from "@sluice/transport";

/** An event of a conversation, as the official client gives it. */
export interface FlowEvent {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
}

const CANCELLED = "sluice.Cancelled";
/** Replies to those outside of handlers go to an address beside the sender's own. */
const REPLIES = /\.replies$/;

interface Step {
  readonly depth: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly name: string;
  /** Events before what they led to. */
  readonly rank: number;
  readonly arrow: "->>" | "-->>" | "--)" | "Note";
}

/**
 * A conversation as a Mermaid sequence diagram: participants are components, commands solid arrows, events dashed, replies open. Who
 * has handled an event is told by what followed from it; one that nobody is known to have handled goes to its own component.
 *
 * The same whenever the same is said: there are no ids, times or bodies in it, and what happens beside each other, in either order, stands in
 * the order of names.
 */
export function flowOf(events: readonly FlowEvent[]): string {
  const steps = counted(stepsOf(events));
  const participants = [...new Set(steps.flatMap(({ from, to }) => [from, ...to]))];
  return [
    "sequenceDiagram",
    ...participants.map((name) => `  participant ${name}`),
    ...steps.flatMap(({ from, to, name, arrow }) =>
      arrow === "Note" ? [`  Note over ${from}: ${name}`] : to.map((target) => `  ${from}${arrow}${target}: ${name}`),
    ),
    "",
  ].join("\n");
}

function stepsOf(events: readonly FlowEvent[]): readonly Step[] {
  const messages = events.map((event) => ({ event, context: messageContextOf(event.id, event.type, event.metadata) }));
  const originals = new Map(messages.map(({ event, context }) => [context.messageId, { event, context }]));
  const depths = new Map<string, number>();
  const depthOf = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    // What would be among its own causes ends here.
    depths.set(id, 0);
    const cause = originals.get(id)?.context.causationId;
    const depth = cause === undefined || !originals.has(cause) ? 0 : depthOf(cause) + 1;
    depths.set(id, depth);
    return depth;
  };
  const handlers = Map.groupBy(messages, ({ context }) => context.causationId ?? "");
  return messages
    .map(({ event, context }): Step => {
      const depth = depthOf(context.messageId);
      const from = context.source ?? "unknown";
      const name = shortName(event.type);
      const destination = textOf(event.metadata, HEADER.destination)?.replace(REPLIES, "");
      const step = { depth, from, name };
      if (event.id !== context.messageId)
        return {
          ...step,
          from: destination ?? from,
          to: [],
          name: `${name} is tried again later`,
          rank: 3,
          arrow: "Note",
        };
      if (event.type === CANCELLED) {
        const canceled = originals.get(textOf(event.data, "messageId") ?? "")?.event.type;
        return {
          ...step,
          to: [],
          name: `${shortName(canceled ?? "a deferred message")} is canceled`,
          rank: 3,
          arrow: "Note",
        };
      }
      if (destination === undefined) {
        const sources = (handlers.get(context.messageId) ?? []).map(({ context }) => context.source ?? "unknown");
        const to = sources.length === 0 ? [from] : [...new Set(sources)].toSorted();
        return { ...step, to, rank: 0, arrow: "-->>" };
      }
      if (context.intent === "Reply") return { ...step, to: [destination], rank: 1, arrow: "--)" };
      const isDeferred = textOf(event.metadata, HEADER.deliverAt) !== undefined;
      return { ...step, to: [destination], name: isDeferred ? `${name} (later)` : name, rank: 2, arrow: "->>" };
    })
    .toSorted((one, other) => one.depth - other.depth || one.rank - other.rank || compare(keyOf(one), keyOf(other)));
}

/** What was said several times at one moment is one arrow. */
function counted(steps: readonly Step[]): readonly Step[] {
  return [...Map.groupBy(steps, (step) => `${step.depth} ${step.rank} ${keyOf(step)}`).values()].flatMap(
    ([first, ...more]) => {
      if (first === undefined) return [];
      return more.length === 0 ? first : { ...first, name: `${first.name} (${more.length + 1} times)` };
    },
  );
}

const keyOf = ({ from, name, to }: Step): string => `${from} ${name} ${to.join(",")}`;

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** The name of a type without that of its owner. */
const shortName = (type: string): string => type.slice(type.lastIndexOf(".") + 1);

function textOf(record: unknown, name: string): string | undefined {
  const value: unknown = Object(record)[name];
  return typeof value === "string" ? value : undefined;
}
