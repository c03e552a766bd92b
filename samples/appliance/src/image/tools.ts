import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** Programs that are needed, and the Debian packages that have them. */
const TOOLS: ReadonlyMap<string, readonly string[]> = new Map([
  ["qemu-system-x86_64", ["qemu-system-x86"]],
  ["gcc", ["gcc", "libc6-dev"]],
  ["strip", ["binutils"]],
]);
/** Programs of Debian itself, by which its kernel is fetched. */
const DEBIAN = ["apt-get", "apt-cache", "dpkg-deb"];

/** This machine has not what it takes. */
export class ToolsMissing extends Error {
  override readonly name = "ToolsMissing";
  /** The Debian packages that would help; none where this is no Debian. */
  readonly packages: readonly string[];

  constructor(packages: readonly string[]) {
    super(
      packages.length === 0
        ? "This sample takes Debian's kernel and QEMU, on an x86-64 processor, and runs on Debian or a system made from it: there is no apt-get here."
        : `This sample boots a machine, and that takes packages that are not here. Install them with: ${installing(packages).join(" ")}\nOr start the sample with --install, as root.`,
    );
    this.packages = packages;
  }
}

const installing = (packages: readonly string[]): readonly string[] => [
  "apt-get",
  "install",
  "--yes",
  "--no-install-recommends",
  ...packages,
];

/** @throws ToolsMissing */
export async function requireTools(): Promise<void> {
  if (process.arch !== "x64" || !(await areThere(DEBIAN))) throw new ToolsMissing([]);
  const missing: string[] = [];
  for (const [tool, packages] of TOOLS) if (!(await isThere(tool))) missing.push(...packages);
  if (missing.length > 0) throw new ToolsMissing(missing);
}

/** Installs what is missing, by Debian's own tool. @throws ToolsMissing where this is no Debian. */
export async function installTools(): Promise<void> {
  try {
    await requireTools();
  } catch (error) {
    if (!(error instanceof ToolsMissing) || error.packages.length === 0) throw error;
    await run("apt-get", "update", "--quiet");
    await run(...(installing(error.packages) as [string, ...string[]]));
  }
}

/** Runs a program to its end; answers what it printed. */
export async function run(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

async function areThere(programs: readonly string[]): Promise<boolean> {
  return (await Promise.all(programs.map(isThere))).every(Boolean);
}

async function isThere(program: string): Promise<boolean> {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    try {
      await access(join(folder, program), constants.X_OK);
      return true;
    } catch {
      // Perhaps in the next one.
    }
  }
  return false;
}
