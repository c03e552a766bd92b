import { globSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import { bundledComponent } from "./bundle.ts";
import { cpio, type Entry } from "./cpio.ts";
import { debianKernel } from "./debian-kernel.ts";
import { loadOrder, needsOf } from "./kernel-modules.ts";
import { librariesIn } from "./libraries.ts";
import { run } from "./tools.ts";

/** The network card of an emulated machine, and what it is plugged into. */
const DRIVERS = ["virtio_pci", "virtio_net"];
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 12 } };
const INIT = join(import.meta.dirname, "init.c");

export interface Image {
  readonly kernel: string;
  readonly initramfs: string;
  /** What is in it: paths and bytes, as they are unpacked. */
  readonly files: ReadonlyMap<string, number>;
  /** Bytes of what is started from. */
  readonly kernelSize: number;
  readonly initramfsSize: number;
}

/**
 * Makes what a machine is started from: Debian's kernel as it is, and a file system of Node, the libraries it is linked with, the
 * component, the network's drivers, and a program of one page that puts them together.
 * @param folder where the kernel is kept, and the result put.
 */
export async function assemble(folder: string): Promise<Image> {
  await mkdir(folder, { recursive: true });
  const { kernel, modules } = await debianKernel(folder);
  const drivers = await driversIn(modules);
  const entries: readonly Entry[] = [
    // The kernel connects the first process to it. Others are not needed: this one has no terminal and no disk.
    { kind: "device", path: "dev/console", major: 5, minor: 1 },
    { kind: "device", path: "dev/null", major: 1, minor: 3 },
    { kind: "directory", path: "proc" },
    ...drivers,
    ...(await programs(drivers.map(({ path }) => `/${path}`))),
    ...(await libraries()),
    ...(await bundledComponent()),
  ];
  const initramfs = join(folder, "initramfs");
  await writeFile(initramfs, await promisify(zstdCompress)(cpio(entries), COMPRESSION));
  return {
    kernel,
    initramfs,
    files: new Map(
      entries.flatMap((entry) => (entry.kind === "file" ? [[`/${entry.path}`, entry.content.length]] : [])),
    ),
    kernelSize: (await stat(kernel)).size,
    initramfsSize: (await stat(initramfs)).size,
  };
}

async function driversIn(modules: string): Promise<readonly (Entry & { readonly kind: "file" })[]> {
  const all = new Map<string, Buffer>();
  for (const file of globSync("kernel/{drivers/{virtio,net},net/core}/*.ko", { cwd: modules })) {
    all.set(basename(file, ".ko").replaceAll("-", "_"), await readFile(join(modules, file)));
  }
  const order = loadOrder(DRIVERS, (name) => {
    const module = all.get(name);
    return module && { name, needs: needsOf(module) };
  });
  return order.flatMap((name) => {
    const content = all.get(name);
    return content === undefined ? [] : [{ kind: "file", path: `modules/${name}.ko`, content }];
  });
}

/** Node without what debuggers read, and the first program. */
async function programs(modules: readonly string[]): Promise<readonly Entry[]> {
  const scratch = await mkdtemp(join(process.env["TMPDIR"] ?? "/tmp", "sluice-appliance-"));
  try {
    const init = join(scratch, "init");
    const node = join(scratch, "node");
    await run("gcc", "-Os", "-s", `-DMODULES=${modules.map((path) => `"${path}"`).join(",")}`, INIT, "-o", init);
    await run("strip", "--output-file", node, process.execPath);
    return [
      { kind: "file", path: "init", content: await readFile(init), isExecutable: true },
      { kind: "file", path: "node", content: await readFile(node), isExecutable: true },
    ];
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** Those that Node and the first program are linked with, where they look for them. */
async function libraries(): Promise<readonly Entry[]> {
  const paths = librariesIn(await run("ldd", process.execPath));
  return Promise.all(
    paths.map(async (path): Promise<Entry> => ({
      kind: "file",
      path: path.slice(1),
      content: await readFile(path),
      isExecutable: true,
    })),
  );
}
