import type { HistoryEntry, ObservedComponent } from "@sluice/transport/deploy";
import type { Paint } from "../terminal/paint.ts";
import { oneLine } from "../terminal/printable.ts";
import { timeText } from "./parked-text.ts";
import { tableText } from "./table-text.ts";

const DONE = { deploy: "deployed", prune: "pruned", repair: "repaired", retire: "retired" } as const;

/** What is deployed on a server, a line for each component. Pure. */
export function deployedText(components: readonly ObservedComponent[], paint: Paint): string {
  if (components.length === 0) return "No component is on this server.";
  const rows = components.map(({ name, group, problems, deployed, open }) => [
    name,
    stateOf({ problems, deployed, open }),
    group === undefined ? "" : String(group.consumers),
    group === undefined ? "" : String(waitingOf(group)),
    group === undefined ? "" : String(group.inFlight),
  ]);
  return tableText(["COMPONENT", "STATE", "CONSUMERS", "WAITING", "IN FLIGHT"], rows, paint).join("\n");
}

/** Messages that nobody has settled, as far as the server has recorded it. Pure. */
export const waitingOf = ({ lastKnown = -1n, checkpoint = -1n }: NonNullable<ObservedComponent["group"]>): number =>
  Math.max(0, Number(lastKnown - checkpoint));

function stateOf({ problems, deployed, open }: Pick<ObservedComponent, "problems" | "deployed" | "open">): string {
  if (open !== undefined) return `being changed by ${open.by}`;
  if (problems.length > 0) return [...new Set(problems.map(({ why }) => why))].join(", ");
  if (deployed === undefined) return "not deployed";
  return deployed.group === undefined ? "retired" : "deployed";
}

/** The deployments of a component, the last one first. Pure. */
export function historyText(entries: readonly HistoryEntry[], paint: Paint): string {
  if (entries.length === 0) return "It was never deployed.";
  return entries.map((entry) => entryLines(entry, paint).join("\n")).join("\n");
}

function entryLines({ begun, change, by, outcome, reason, steps }: HistoryEntry, paint: Paint): readonly string[] {
  const how = { completed: "", failed: paint("red", " – failed"), open: paint("yellow", " – not ended") }[outcome];
  return [
    `${timeText(begun)}  ${paint("bold", DONE[change.kind])} by ${by.join(", then ")}${how}`,
    ...(reason === undefined ? [] : [`  ${oneLine(reason)}`]),
    ...steps.map(({ action, kind, name }) => `  ${action} ${kind} ${name}`),
  ];
}
