import { missingFor, titleOf, type ConformanceCase } from "@sluice/transport/conformance";
import type { Behavior } from "./behaviors.ts";
import type { NumberedTest } from "./numbered-tests.ts";
import type { ConformanceTransport } from "./transports.ts";

const INTRODUCTION = `# What the transport promises

Written by \`npm run conformance:list\`; \`npm test\` holds it against the tests. A test shows a behavior when its name carries the
number: \`receiving – 3. …\`, or several: \`failures – 41. …; 24. …\`. How the suite works, and how to run it over another transport, is
told in [the page about the seam](../../transport/docs/seam.md).

Modes: D direct, T transactional, E event-sourced. The suite's cases are in \`transport/src/conformance\`; \`npm run test:conformance\`
runs them over the transports in \`transports.ts\` and, to try the suite itself, over one in memory, which shows nothing of Sluice and
is not counted here.
`;

/** The list of behaviors, and what shows each of them, as a page. */
export function page(
  behaviors: readonly Behavior[],
  tests: readonly NumberedTest[],
  cases: readonly ConformanceCase[],
  transports: readonly ConformanceTransport[],
): string {
  const shown = behaviors.map((behavior) => ({
    ...behavior,
    lines: [
      ...tests.filter(({ numbers }) => numbers.includes(behavior.number)).map(linkTo),
      ...cases
        .filter(({ numbers }) => numbers.includes(behavior.number))
        .flatMap((conformanceCase) => overTransports(conformanceCase, transports)),
    ],
  }));
  const areas = [...new Set(behaviors.map(({ area }) => area))].map((area) =>
    table(
      area,
      shown.filter((behavior) => behavior.area === area),
      cases,
    ),
  );
  const without = shown.filter(({ lines }) => lines.length === 0).map(({ number }) => number);
  const closing =
    without.length === 0
      ? "## Without a test\n\nNone.\n"
      : `## Without a test\n\n${without.length} of ${behaviors.length}: ${without.join(", ")}.\n`;
  return [INTRODUCTION, ...areas, closing].join("\n");
}

function table(
  area: string,
  behaviors: readonly (Behavior & { readonly lines: readonly string[] })[],
  cases: readonly ConformanceCase[],
): string {
  const rows = behaviors.map(({ number, sentence, modes, lines }) => {
    const inSuite = cases.filter(({ numbers }) => numbers.includes(number)).length;
    const letters = modes.map((mode) => mode[0]?.toUpperCase()).join(" ");
    const shownBy = lines.length === 0 ? "nothing yet" : lines.join("<br>");
    return `| ${number} | ${cell(sentence)} | ${letters} | ${inSuite === 0 ? "" : inSuite} | ${shownBy} |`;
  });
  return [
    `## ${area}\n`,
    "| | behavior | modes | cases in the suite | shown by |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

const linkTo = ({ name, file }: NumberedTest): string => `[${cell(name)}](../../${file})`;

function overTransports(conformanceCase: ConformanceCase, transports: readonly ConformanceTransport[]) {
  return transports
    .filter(({ bench }) => missingFor(conformanceCase, bench).length === 0)
    .map(({ mode }) => cell(titleOf(conformanceCase, mode)));
}

/** As a cell of a table takes it. */
const cell = (text: string): string => text.replaceAll(/([|<>[\]*`\\])/g, "\\$1");
