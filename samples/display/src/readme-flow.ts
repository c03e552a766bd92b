import { readFileSync, writeFileSync } from "node:fs";

const FENCE = /^```mermaid\n([\s\S]*?)^```$/gm;

/** The picture in a README is not the one that a run gives. */
export class FlowDiffers extends Error {
  override readonly name = "FlowDiffers";

  constructor(file: string, flow: string) {
    super(
      `The picture in ${file} is not what a run gives. Run the test with SLUICE_WRITE_FLOW=1, and look at the difference. It is:\n${flow}`,
    );
  }
}

/** The text of a Mermaid picture in a README, of several the first, 0, or another; undefined where it has none. */
export const flowIn = (readme: string, which = 0): string | undefined => [...readme.matchAll(FENCE)][which]?.[1];

/** The same README with this flow in the place of that Mermaid picture. @throws Error where there is none. */
export function insertFlow(readme: string, flow: string, which = 0): string {
  const fence = [...readme.matchAll(FENCE)][which];
  if (fence === undefined) throw new Error("There is no ```mermaid fence for the picture to stand in.");
  const end = fence.index + fence[0].length;
  return `${readme.slice(0, fence.index)}\`\`\`mermaid\n${flow}\`\`\`${readme.slice(end)}`;
}

/**
 * Holds a picture in a README, of several the first, 0, or another, against that of a fresh run. With SLUICE_WRITE_FLOW in the
 * environment it writes it instead.
 * @throws FlowDiffers
 */
export function checkFlow(file: string, flow: string, which = 0): void {
  const readme = readFileSync(file, "utf8");
  if (flowIn(readme, which) === flow) return;
  if (process.env["SLUICE_WRITE_FLOW"] === undefined) throw new FlowDiffers(file, flow);
  writeFileSync(file, insertFlow(readme, flow, which));
}
