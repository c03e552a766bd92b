import { table } from "@sluice/sample-display";
import type { Image } from "./image/assemble.ts";
import type { Machine } from "./machine.ts";
import type { Outside } from "./outside.ts";

/** Orders that are sent, the first of them before anybody could handle it. */
export const ORDERS = 201;

/** What there is to say of a machine that has just been switched on, as a table. @throws Error where it switches itself off. */
export async function measured(image: Image, outside: Outside, machine: Machine): Promise<string> {
  const failed = machine.off.then(() => {
    throw new Error("The machine switched itself off. Start with --console to see why.");
  });
  const on = performance.now();
  await outside.order(0, 1);
  await Promise.race([outside.until(() => outside.prices.size === 1), failed]);
  const first = performance.now() - on;
  await Promise.race([outside.until(() => outside.started() !== undefined), failed]);
  const facts = outside.started();
  if (facts === undefined) throw new Error("The machine has started and said nothing of it.");
  const began = performance.now();
  await outside.order(1, ORDERS - 1);
  await Promise.race([outside.until(() => outside.prices.size === ORDERS), failed]);
  const rate = ((ORDERS - 1) * 1000) / (performance.now() - began);
  const unpacked = [...image.files.values()].reduce((sum, size) => sum + size, 0);
  const component = [...image.files].reduce(
    (sum, [path, size]) => (path.startsWith("/component/") ? sum + size : sum),
    0,
  );
  return table([
    ["what", "measured"],
    ["the kernel, as it is in Debian's package", megabytes(image.kernelSize)],
    ["the file system, compressed", megabytes(image.initramfsSize)],
    [`the same, unpacked: ${image.files.size} files`, megabytes(unpacked)],
    ["of that the component with all it imports", megabytes(component)],
    ["from power on to the first handled message", `${(first / 1000).toFixed(1)} s`],
    ["memory that the machine has", megabytes(facts.memory * 1024)],
    ["of that taken, file system and kernel included", megabytes(facts.taken * 1024)],
    ["of that the component's process", megabytes(facts.resident * 1024)],
    ["orders a second, each in a heap of its own", rate.toFixed(0)],
    ["processes besides the kernel's own", `${facts.processes.join(", ")} (id ${facts.pid})`],
    ["sockets that listen", String(facts.listening)],
    ["files, those of /dev included", String(facts.files.length)],
    ["shells, users, packages, disks, other programs", othersIn(facts.files)],
    ["addresses that answer, of four it tried", facts.reached.join(", ")],
  ]);
}

/** What is in a machine besides what it cannot do without. */
function othersIn(files: readonly string[]): string {
  const needed = /^\/(init|node|component\/.*|modules\/.*\.ko|lib(64)?\/.*\.so\.\d+|dev\/(console|null))$/;
  const others = files.filter((path) => !needed.test(path));
  return others.length === 0 ? "none" : others.join(", ");
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
