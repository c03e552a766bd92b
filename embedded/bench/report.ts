import { availableParallelism, cpus } from "node:os";
import type { BenchOptions } from "./bench.ts";
import type { Figure } from "./figure.ts";

/** The figures of one case. */
export interface Result {
  readonly name: string;
  readonly figures: readonly Figure[];
}

/** One case as a table. */
export function table({ name, figures }: Result): string {
  const columns = [...new Set(figures.flatMap((figure) => figure.columns.map((column) => column.name)))];
  const rows = [
    [name, "", ...columns, "ratio", "goal", ""],
    ...figures.map((figure) => [
      figure.name,
      figure.unit,
      ...columns.map((column) => number(figure.columns.find(({ name }) => name === column)?.value)),
      number(figure.ratio),
      goal(figure),
      figure.isMet === undefined ? "" : figure.isMet ? "met" : "MISSED",
    ]),
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

/** All of it, for a program. */
export function json(results: readonly Result[], options: BenchOptions): string {
  const machine = { processor: cpus()[0]?.model, cores: availableParallelism(), node: process.version };
  return JSON.stringify({ machine, options, results }, undefined, 2);
}

function goal({ goal, better }: Figure): string {
  if (goal === undefined) return "";
  const bound = `${better === "more" ? "≥" : "≤"} ${goal.limit}`;
  return goal.of === "ratio" ? `${bound} ×` : bound;
}

function number(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "–";
  return value >= 1000 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}
