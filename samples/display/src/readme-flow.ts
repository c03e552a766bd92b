import { readFileSync, writeFileSync } from "node:fs";

const FENCE = /^```mermaid\n([\s\S]*?)^```$/m;

/** The picture in a README is not the one that a run gives. */
export class FlowDiffers extends Error {
  override readonly name = "FlowDiffers";

  constructor(file: string, flow: string) {
    super(
      `The picture in ${file} is not what a run gives. Run the test with SLUICE_WRITE_FLOW=1, and look at the difference. It is:\n${flow}`,
    );
  }
}

/** The text of the first Mermaid picture in a README; undefined where it has none. */
export const flowIn = (readme: string): string | undefined => FENCE.exec(readme)?.[1];

/** The same README with this flow in the place of its first Mermaid picture. @throws Error where it has none. */
export function insertFlow(readme: string, flow: string): string {
  if (!FENCE.test(readme)) throw new Error("There is no ```mermaid fence for the picture to stand in.");
  return readme.replace(FENCE, () => `\`\`\`mermaid\n${flow}\`\`\``);
}

/**
 * Holds the picture in a README against that of a fresh run. With SLUICE_WRITE_FLOW in the environment it writes it instead.
 * @throws FlowDiffers
 */
export function checkFlow(file: string, flow: string): void {
  const readme = readFileSync(file, "utf8");
  if (flowIn(readme) === flow) return;
  if (process.env["SLUICE_WRITE_FLOW"] === undefined) throw new FlowDiffers(file, flow);
  writeFileSync(file, insertFlow(readme, flow));
}
