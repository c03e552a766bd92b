import type { FlowLink, Parking } from "../schemas.ts";
import type { CausedEvent } from "./causes.ts";

/** What stands in the tree of causes. Keys tell nodes apart, also from one reading to the next. */
export type FlowNode = EventNode | MissingNode | GroupNode | LinkNode;

interface EventNode {
  readonly kind: "event";
  readonly key: string;
  readonly caused: CausedEvent;
  readonly parkings: readonly Parking[];
  readonly children: readonly FlowNode[];
}

/** A message that events say has caused them, and that is not there. */
interface MissingNode {
  readonly kind: "missing";
  readonly key: string;
  readonly id: string;
  readonly children: readonly FlowNode[];
}

/** Events alike that led to nothing more: closed they stand for themselves, open they are its children. */
export interface GroupNode {
  readonly kind: "group";
  readonly key: string;
  readonly type: string;
  readonly party: string;
  readonly members: readonly CausedEvent[];
  readonly isOpen: boolean;
  readonly children: readonly FlowNode[];
}

/** How an event was led on by the projections. */
interface LinkNode {
  readonly kind: "link";
  readonly key: string;
  readonly link: FlowLink;
  readonly children: readonly [];
}

export interface TreeOptions {
  readonly parkings: readonly Parking[];
  /** Shown below the events that they lead to. */
  readonly links: readonly FlowLink[];
  /** From so many events in all, those alike that lead to nothing are grouped. */
  readonly groupsFrom: number;
  /** Keys of the groups that are open. */
  readonly open: ReadonlySet<string>;
}

/** So many alike make a group. */
const ALIKE = 4;

/** Each event once: below its cause, below the message that is missing, or at the top. In the order of the log. */
export function flowTree(events: readonly CausedEvent[], options: TreeOptions): readonly FlowNode[] {
  const { links, open, groupsFrom } = options;
  const byCause = Map.groupBy(events, ({ cause }) => cause);
  const parkings = Map.groupBy(options.parkings, ({ key }) => key);
  const linksTo = Map.groupBy(links, ({ key }) => key);
  const built = new Map<string, EventNode>();
  const nodeOf = ({ event: { key } }: CausedEvent): readonly EventNode[] => {
    const node = built.get(key);
    return node === undefined ? [] : [node];
  };

  const isPlainLeaf = ({ event, problems }: CausedEvent): boolean =>
    !byCause.has(event.key) && !parkings.has(event.key) && problems.length === 0 && event.lastFailure === undefined;
  const nodesOf = (children: readonly CausedEvent[], above: string): readonly FlowNode[] => {
    if (events.length < groupsFrom) return children.flatMap(nodeOf);
    const alike = Map.groupBy(children.filter(isPlainLeaf), kindOf);
    const nodes: FlowNode[] = [];
    const grouped = new Set<string>();
    for (const child of children) {
      const kind = kindOf(child);
      const members = isPlainLeaf(child) ? (alike.get(kind) ?? []) : [];
      if (members.length < ALIKE) {
        nodes.push(...nodeOf(child));
      } else if (!grouped.has(kind)) {
        grouped.add(kind);
        const key = `group:${above}:${kind}`;
        const isOpen = open.has(key);
        const { type, party } = child.event;
        nodes.push({
          kind: "group",
          key,
          type,
          party,
          members,
          isOpen,
          children: isOpen ? members.flatMap(nodeOf) : [],
        });
      }
    }
    return nodes;
  };

  // From the last to the first, so that what is below is there; not by recursion, since a chain may be thousands long.
  for (const caused of causesFirst(events, byCause).reverse()) {
    const { key } = caused.event;
    const led = (linksTo.get(key) ?? []).map(linkNode);
    const children = [...led, ...nodesOf(byCause.get(key) ?? [], key)];
    built.set(key, { kind: "event", key, caused, parkings: parkings.get(key) ?? [], children });
  }

  const isMissing = (caused: CausedEvent): string | undefined =>
    caused.problems.find((problem) => problem.kind === "missing-cause")?.id;
  const tops = byCause.get(undefined) ?? [];
  const missing = Map.groupBy(tops, isMissing);
  const named = new Set<string>();
  const plain = nodesOf(
    tops.filter((top) => isMissing(top) === undefined),
    "",
  );
  const placeholders: FlowNode[] = [];
  for (const [id, children] of missing) {
    if (id === undefined || named.has(id)) continue;
    named.add(id);
    const key = `missing:${id}`;
    placeholders.push({ kind: "missing", key, id, children: nodesOf(children, key) });
  }
  return [...plain, ...placeholders];
}

/** The events, each behind the one that has led to it. */
function causesFirst(
  events: readonly CausedEvent[],
  byCause: ReadonlyMap<string | undefined, readonly CausedEvent[]>,
): CausedEvent[] {
  const ordered = [...(byCause.get(undefined) ?? [])];
  for (const { event } of ordered) if (ordered.length < events.length) ordered.push(...(byCause.get(event.key) ?? []));
  return ordered;
}

/** A node where it is drawn or listed. */
export interface PlacedNode {
  readonly node: FlowNode;
  /** 0 at the top. */
  readonly depth: number;
}

/** All nodes from the top, each before those below it. */
export function flattened(nodes: readonly FlowNode[]): readonly PlacedNode[] {
  const placed: PlacedNode[] = [];
  const waiting = nodes.map((node): PlacedNode => ({ node, depth: 0 })).reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    placed.push(next);
    const { node, depth } = next;
    waiting.push(...node.children.map((child): PlacedNode => ({ node: child, depth: depth + 1 })).reverse());
  }
  return placed;
}

function linkNode(link: FlowLink): LinkNode {
  return { kind: "link", key: `link:${link.revision}@${link.stream}`, link, children: [] };
}

function kindOf({ event }: CausedEvent): string {
  return JSON.stringify([event.type, event.party, event.destination ?? ""]);
}
