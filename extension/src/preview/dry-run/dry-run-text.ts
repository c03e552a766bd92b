import * as l10n from "@vscode/l10n";
import type { DryRun, DryRunLine, PassedOver } from "./dry-run.ts";

export interface DryRunHeading {
  readonly projection: string;
  readonly server: string;
  /** As many of the last events as were asked for. */
  readonly limit: number;
}

/** A dry run as a text: what it was, what it came to, and a line for each event. */
export function dryRunText({ source, lines, fault }: DryRun, { projection, server, limit }: DryRunHeading): string {
  const linked = lines.filter(({ outcome }) => outcome.kind === "linked").length;
  const passedOver = lines.filter(({ outcome }) => outcome.kind === "passed-over").length;
  const head = [
    source === undefined
      ? l10n.t("Dry run of {0}", projection)
      : l10n.t(
          "Dry run of {0} over the last {1} events of {2} on {3}: nothing is written",
          projection,
          limit,
          source,
          server,
        ),
    ...(fault === undefined ? [] : [faultText(fault)]),
    ...(source === undefined ? [] : [l10n.t("{0} linked, {1} passed over", linked, passedOver)]),
    "",
  ];
  const width = (of: (line: DryRunLine) => string): number =>
    Math.min(60, Math.max(0, ...lines.map((line) => of(line).length)));
  const [numbers, types] = [width(({ number }) => number), width(({ type }) => type)];
  const body = lines.map(
    (line) => `${line.number.padStart(numbers)}  ${line.type.padEnd(types)}  ${outcomeText(line)}`,
  );
  return [...head, ...body, ""].join("\n");
}

function outcomeText({ outcome }: DryRunLine): string {
  switch (outcome.kind) {
    case "linked":
      return `→ ${outcome.to.join(", ")}`;
    case "passed-over":
      return l10n.t("passed over: {0}", whyText(outcome.why));
    case "fault":
      return faultText(outcome.fault);
  }
}

export const faultText = ({ message, line }: { readonly message: string; readonly line?: number }): string =>
  line === undefined ? l10n.t("Fault: {0}", message) : l10n.t("Fault in line {0}: {1}", line, message);

function whyText(why: PassedOver): string {
  switch (why) {
    case "system":
      return l10n.t("a system event, or a link to nothing");
    case "type":
      return l10n.t("nothing here is for its type");
    case "before":
      return l10n.t("it lies before where this begins");
    case "behind":
      return l10n.t("it lies behind where this ends");
    case "no-json":
      return l10n.t("it says that it is JSON, and is not");
    case "script":
      return l10n.t("the script does nothing with it");
  }
}
