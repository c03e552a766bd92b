import { readFileSync, writeFileSync } from "node:fs";

/** The picture in a README is not the one that a run gives. */
export class FlowDiffers extends Error {
  override readonly name = "FlowDiffers";

  constructor(file: string, flow: string) {
    super(
      `The picture in ${file} is not what a run gives. Run the test with SLUICE_WRITE_FLOW=1, and look at the difference. It is:\n${flow}`,
    );
  }
}

/**
 * The text of a Mermaid picture in a README; undefined where it has none.
 * @param name letters and digits: the one behind the line `<!-- flow: NAME -->`. Default: the first.
 */
export const flowIn = (readme: string, name?: string): string | undefined => fenceOf(name).exec(readme)?.[2];

/** The same README with this flow in the place of its Mermaid picture. @throws Error where it has none. */
export function insertFlow(readme: string, flow: string, name?: string): string {
  const fence = fenceOf(name);
  if (!fence.test(readme)) {
    const where = name === undefined ? "" : ` behind the line <!-- flow: ${name} -->`;
    throw new Error(`There is no \`\`\`mermaid fence for the picture to stand in${where}.`);
  }
  return readme.replace(fence, (_, before: string) => `${before}\`\`\`mermaid\n${flow}\`\`\``);
}

/**
 * Holds a picture in a README against that of a fresh run. With SLUICE_WRITE_FLOW in the environment it writes it instead.
 * @throws FlowDiffers
 */
export function checkFlow(file: string, flow: string, name?: string): void {
  const readme = readFileSync(file, "utf8");
  if (flowIn(readme, name) === flow) return;
  if (process.env["SLUICE_WRITE_FLOW"] === undefined) throw new FlowDiffers(file, flow);
  writeFileSync(file, insertFlow(readme, flow, name));
}

function fenceOf(name: string | undefined): RegExp {
  const before = name === undefined ? "" : `<!-- flow: ${name} -->\\s*`;
  return new RegExp(`(^${before})\`\`\`mermaid\\n([\\s\\S]*?)^\`\`\`$`, "m");
}
