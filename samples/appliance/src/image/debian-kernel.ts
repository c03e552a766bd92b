import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { run } from "./tools.ts";

/** For machines that are emulated: small, and without drivers for what there is none of. */
const PACKAGE = "linux-image-cloud-amd64";

export interface DebianKernel {
  readonly kernel: string;
  /** The folder with its modules. */
  readonly modules: string;
}

/** Debian's kernel, taken out of its package, which is not installed; fetched once. */
export async function debianKernel(folder: string): Promise<DebianKernel> {
  const there = kernelIn(join(folder, "kernel"));
  if (there !== undefined) return there;
  const fetched = join(folder, "kernel.partial");
  await rm(fetched, { recursive: true, force: true });
  await mkdir(fetched, { recursive: true });
  const name = /Depends: (linux-image-\S+)/.exec(await run("apt-cache", "depends", PACKAGE))?.[1];
  if (name === undefined) throw new Error(`apt does not know ${PACKAGE}. Run apt-get update first.`);
  await promisify(execFile)("apt-get", ["download", name], { cwd: fetched });
  for (const file of globSync("*.deb", { cwd: fetched })) {
    await run("dpkg-deb", "--extract", join(fetched, file), fetched);
    await rm(join(fetched, file));
  }
  // All of it or nothing: whoever is stopped before this fetches it anew.
  await rename(fetched, join(folder, "kernel"));
  const kernel = kernelIn(join(folder, "kernel"));
  if (kernel === undefined) throw new Error(`The package ${name} has no kernel in it.`);
  return kernel;
}

function kernelIn(folder: string): DebianKernel | undefined {
  const [kernel] = globSync("boot/vmlinuz-*", { cwd: folder });
  const [modules] = globSync(["lib/modules/*", "usr/lib/modules/*"], { cwd: folder });
  if (kernel === undefined || modules === undefined) return undefined;
  return { kernel: join(folder, kernel), modules: join(folder, modules) };
}
