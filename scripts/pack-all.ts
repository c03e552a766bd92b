import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { PACKAGES, stagePackage } from "./stage-package.ts";

/** Makes the tarballs that users install, in an absolute folder that stands or not; answers where they are. */
export async function packAll(folder: string): Promise<readonly string[]> {
  const tarballs: string[] = [];
  const staged: string[] = [];
  for (const name of PACKAGES) {
    const stage = join(folder, name);
    await stagePackage(name, stage, staged);
    staged.push(stage);
    const pack = promisify(execFile)("npm", ["pack", "--json", "--pack-destination", folder], { cwd: stage });
    const [packed] = JSON.parse((await pack).stdout) as readonly [{ readonly filename: string }];
    tarballs.push(join(folder, packed.filename));
  }
  return tarballs;
}
