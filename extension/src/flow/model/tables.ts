import * as l10n from "@vscode/l10n";
import type { FlowEvent } from "../schemas.ts";
import type { CausedEvent } from "./causes.ts";
import { formatDuration } from "./duration.ts";
import { flattened, type FlowNode } from "./flow-tree.ts";
import type { CourseStep, FieldChange } from "./instance-course.ts";
import type { Sequence } from "./sequence.ts";
import { hasFailed, nodeName, remarksOf } from "./words.ts";
import type { Parking } from "../schemas.ts";

/** What a drawing says, as rows. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
}

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
  /** Takes what the others leave. */
  readonly isWide?: boolean;
}

export interface TableRow {
  /** That of the node, as in the drawing. */
  readonly key: string;
  readonly cells: readonly string[];
  readonly state: "plain" | "failed" | "remark" | "faint";
  /** How deep it stands in a tree, from 0. */
  readonly depth?: number;
  /** Of what can be opened. */
  readonly isOpen?: boolean;
  /** The event, to be shown in its stream. */
  readonly event?: { readonly stream: string; readonly revision: string };
}

/** How a time is written. */
export type Time = (milliseconds: number) => string;

export function treeTable(nodes: readonly FlowNode[], time: Time): Table {
  return {
    columns: [
      { title: l10n.t("Event"), isWide: true },
      { title: l10n.t("Component") },
      { title: l10n.t("To") },
      { title: l10n.t("Latency"), isNumber: true },
      { title: l10n.t("Remarks"), isWide: true },
      { title: l10n.t("Stored") },
    ],
    rows: flattened(nodes).map(({ node, depth }): TableRow => ({ ...nodeRow(node, time), depth })),
  };
}

function nodeRow(node: FlowNode, time: Time): TableRow {
  const { key } = node;
  const name = nodeName(node);
  switch (node.kind) {
    case "event": {
      const { event, latency } = node.caused;
      const remarks = remarksOf(node.caused, node.parkings);
      return {
        key,
        cells: [
          name,
          event.party,
          event.destination ?? "",
          latencyText(latency),
          remarks.join("; "),
          time(event.created),
        ],
        state: stateOf(node.parkings, remarks),
        event: placeOf(event),
      };
    }
    case "group": {
      const [first] = node.members;
      const stored = first === undefined ? "" : time(first.event.created);
      return { key, cells: [name, node.party, "", "", "", stored], state: "plain", isOpen: node.isOpen };
    }
    case "missing":
      return { key, cells: [name, "", "", "", "", ""], state: "remark" };
    case "link": {
      const { stream, revision, created } = node.link;
      return { key, cells: [name, "", "", "", "", time(created)], state: "faint", event: { stream, revision } };
    }
  }
}

export function sequenceTable({ steps }: Sequence, events: readonly CausedEvent[]): Table {
  const places = new Map(events.map(({ event }) => [event.key, placeOf(event)]));
  return {
    columns: [
      { title: l10n.t("Since Start"), isNumber: true },
      { title: l10n.t("From") },
      { title: l10n.t("Message"), isWide: true },
      { title: l10n.t("To") },
      { title: l10n.t("Latency"), isNumber: true },
      { title: l10n.t("Remarks"), isWide: true },
    ],
    rows: steps.map((step): TableRow => {
      const { key, name, from, to, failed, offset, latency, remarks } = step;
      const place = places.get(key);
      return {
        key,
        cells: [formatDuration(offset), from, name, to.join(", "), latencyText(latency), remarks.join("; ")],
        state: failed.length > 0 ? "failed" : remarks.length > 0 ? "remark" : "plain",
        ...(place !== undefined ? { event: place } : { isOpen: false }),
      };
    }),
  };
}

export function courseTable(
  stream: string,
  steps: readonly CourseStep[],
  causeOf: (step: CourseStep) => string | undefined,
  time: Time,
): Table {
  return {
    columns: [
      { title: l10n.t("Revision"), isNumber: true },
      { title: l10n.t("Event"), isWide: true },
      { title: l10n.t("Caused by"), isWide: true },
      { title: l10n.t("Before"), isWide: true },
      { title: l10n.t("After"), isWide: true },
      { title: l10n.t("Stored") },
    ],
    rows: steps.map((step): TableRow => {
      const { event, changes, isMessage, snapshot } = step;
      const name = event.destination === undefined ? event.type : `${event.type} → ${event.destination}`;
      const after = changes.map((change) => said(change.path, change.after)).join(", ");
      const stored = snapshot === undefined ? "" : l10n.t("State stored");
      return {
        key: event.revision,
        cells: [
          event.revision,
          name,
          causeOf(step) ?? "",
          changes.map(before).join(", "),
          [after, stored].filter((text) => text !== "").join("; "),
          time(event.created),
        ],
        state: isMessage ? "faint" : "plain",
        event: { stream, revision: event.revision },
      };
    }),
  };
}

/** Everything that is known of each event, for those who want no drawing. */
export function eventTable(events: readonly CausedEvent[], parkings: readonly Parking[], time: Time): Table {
  const numbers = new Map(events.map(({ event }, index) => [event.key, String(index + 1)]));
  const byEvent = Map.groupBy(parkings, ({ key }) => key);
  return {
    columns: [
      { title: l10n.t("No."), isNumber: true },
      { title: l10n.t("Event"), isWide: true },
      { title: l10n.t("Component") },
      { title: l10n.t("To") },
      { title: l10n.t("Stream"), isWide: true },
      { title: l10n.t("Revision"), isNumber: true },
      { title: l10n.t("Stored") },
      { title: l10n.t("Caused by"), isNumber: true },
      { title: l10n.t("Latency"), isNumber: true },
      { title: l10n.t("Remarks"), isWide: true },
    ],
    rows: events.map((caused): TableRow => {
      const { event, cause, latency } = caused;
      const parked = byEvent.get(event.key) ?? [];
      const remarks = remarksOf(caused, parked);
      return {
        key: event.key,
        cells: [
          numbers.get(event.key) ?? "",
          event.type,
          event.party,
          event.destination ?? "",
          event.stream,
          event.revision,
          time(event.created),
          cause === undefined ? "" : (numbers.get(cause) ?? ""),
          latencyText(latency),
          remarks.join("; "),
        ],
        state: stateOf(parked, remarks),
        event: placeOf(event),
      };
    }),
  };
}

function before(change: FieldChange): string {
  return said(change.path, change.before ?? "–");
}

function said(path: string, value: string): string {
  return `${path}: ${value}`;
}

function placeOf({ stream, revision }: FlowEvent): { readonly stream: string; readonly revision: string } {
  return { stream, revision };
}

function stateOf(parkings: readonly Parking[], remarks: readonly string[]): TableRow["state"] {
  return hasFailed(parkings) ? "failed" : remarks.length > 0 ? "remark" : "plain";
}

function latencyText(latency: number | undefined): string {
  return latency === undefined ? "" : formatDuration(latency);
}
