import type { Finding } from "../doctor/finding.ts";
import type { Color, Paint } from "../terminal/paint.ts";

const SIGNS = {
  problem: { sign: "✗", color: "red" },
  warning: { sign: "!", color: "yellow" },
  note: { sign: "·", color: "dim" },
  ok: { sign: "✓", color: "green" },
} as const satisfies Record<Finding["severity"], { readonly sign: string; readonly color: Color }>;

/** Findings as a person reads them: what each is about, and a sign before each that says how bad it is. Pure. */
export function findingsText(server: string, findings: readonly Finding[], paint: Paint): string {
  const byAbout = Map.groupBy(findings, ({ component }) => component ?? server);
  const parts = [...byAbout].map(([about, those]) =>
    [
      paint("bold", about),
      ...those.map(({ severity, text }) => {
        const { sign, color } = SIGNS[severity];
        return `  ${paint(color, sign)} ${text}`;
      }),
    ].join("\n"),
  );
  return [...parts, summaryText(findings)].join("\n\n");
}

function summaryText(findings: readonly Finding[]): string {
  const counted = (severity: Finding["severity"], one: string, many: string): readonly string[] => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  };
  const parts = [...counted("problem", "problem", "problems"), ...counted("warning", "warning", "warnings")];
  return parts.length === 0 ? "All is well." : `${parts.join(", ")}.`;
}
