import type { ImportReport } from "./importer.ts";

const SHOWN = 10;

/** The closing report for a person. */
export function reportText(report: ImportReport): string {
  const { streams, events, wereThere, projections, groups, renumbered, queriesMapped, leftOut } = report;
  const lowered = Object.entries(renumbered);
  const shown = lowered.slice(0, SHOWN).map(([stream, by]) => `${stream} by ${by}`);
  const more = lowered.length > SHOWN ? ` and ${lowered.length - SHOWN} more` : "";
  return [
    `${events} events of ${streams} streams are there and were compared${wereThere > 0 ? `; ${wereThere} of them had been imported before` : ""}`,
    ...(projections.length > 0 ? [`projections: ${projections.join(", ")}`] : []),
    ...(queriesMapped.length > 0 ? [`log positions replaced in the queries of ${queriesMapped.join(", ")}`] : []),
    ...groups.map(({ group, checkpoint }) =>
      checkpoint === undefined
        ? `group ${group} has handled nothing`
        : `group ${group} has handled all up to ${checkpoint}`,
    ),
    ...(lowered.length > 0 ? [`numbered lower, since their beginning is gone: ${shown.join(", ")}${more}`] : []),
    ...report.indexesStarted.map((name) => `started ${name}`),
    ...leftOut.map(({ what, why }) => `left out: ${what}; ${why}`),
    ...Object.entries(report.faulted).map(([name, reason]) => `projection ${name} has faulted: ${reason}`),
  ].join("\n");
}
