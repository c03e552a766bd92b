import { changeText } from "./course-drawing.ts";
import { formatDuration } from "./duration.ts";
import { flattened, type FlowNode } from "./flow-tree.ts";
import type { CourseStep } from "./instance-course.ts";
import type { Sequence, SequenceStep } from "./sequence.ts";
import { hasFailed, nodeName, remarksOf } from "./words.ts";

/** The drawings as text that Mermaid draws, for issues and documents. */

export function treeMermaid(nodes: readonly FlowNode[]): string {
  const placed = flattened(nodes);
  const ids = new Map(placed.map(({ node }, index) => [node.key, `n${index}`]));
  const lines = placed.flatMap(({ node }) => {
    const id = ids.get(node.key) ?? "";
    const remarks = node.kind === "event" ? remarksOf(node.caused, node.parkings) : [];
    const party = node.kind === "event" ? [node.caused.event.party] : [];
    const failed = node.kind === "event" && hasFailed(node.parkings) ? ":::failed" : "";
    return [
      `  ${id}["${[nodeName(node), ...party, ...remarks].map(escaped).join("<br/>")}"]${failed}`,
      ...node.children.map((child) => {
        const latency = child.kind === "event" ? child.caused.latency : undefined;
        const label = latency === undefined ? "" : `|"${escaped(formatDuration(latency))}"|`;
        const arrow = child.kind === "event" && child.caused.way === "handled" ? "-->" : "-.->";
        return `  ${id} ${arrow}${label} ${ids.get(child.key) ?? ""}`;
      }),
    ];
  });
  const failed = statement("  classDef", "failed", "stroke:#c00,stroke-width:2px");
  return [statement("flowchart", "LR"), ...lines, failed, ""].join("\n");
}

export function sequenceMermaid({ parties, steps }: Sequence): string {
  const ids = new Map(parties.map((party, index) => [party, `p${index}`]));
  const idOf = (party: string): string => ids.get(party) ?? "p0";
  return [
    "sequenceDiagram",
    ...parties.map((party) => `  participant ${idOf(party)} as ${escaped(party)}`),
    ...steps.flatMap((step) => sequenceLines(step, idOf)),
    "",
  ].join("\n");
}

function sequenceLines(step: SequenceStep, idOf: (party: string) => string): readonly string[] {
  const from = idOf(step.from);
  const latency = step.latency === undefined ? "" : ` (${formatDuration(step.latency)})`;
  const text = escaped(`${step.name}${latency}`);
  const messages = step.to.map((party) => {
    const arrow = step.failed.includes(party) ? "-x" : step.isCopy ? "-->>" : "->>";
    return `  ${from}${arrow}${idOf(party)}: ${text}`;
  });
  return [
    ...(messages.length > 0 ? messages : [statement("  Note", "over", `${from}: ${text}`)]),
    ...step.remarks.map((remark) => statement("  Note", "over", `${from}: ${escaped(remark)}`)),
  ];
}

export function courseMermaid(stream: string, steps: readonly CourseStep[]): string {
  return [
    "stateDiagram-v2",
    `  %% ${stream.replaceAll(/[\r\n]+/g, " ")}`,
    ...steps.flatMap(({ event, changes }, index) => {
      const name = `${event.revision} ${event.type}${event.destination === undefined ? "" : ` → ${event.destination}`}`;
      const text = [name, ...changes.map(changeText)].map(escaped).join("<br/>");
      return [`  s${index} : ${text}`, `  ${index === 0 ? "[*]" : `s${index - 1}`} --> s${index}`];
    }),
    "",
  ].join("\n");
}

/** Mermaid's own words. */
function statement(...words: readonly string[]): string {
  return words.join(" ");
}

/** What Mermaid would take for its own, as the entities that it knows. */
function escaped(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[#;"<>&:{}[\]()|%`\\]/g, (character) => `#${character.charCodeAt(0)};`);
}
