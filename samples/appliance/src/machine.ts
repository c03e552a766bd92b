import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { SERVER } from "./addresses.ts";

export interface MachineOptions {
  readonly kernel: string;
  /** The first file system, which is the only one. */
  readonly initramfs: string;
  /** Port of this host's loopback that the machine may reach. */
  readonly port: number;
  /** MiB. Default {@link MEMORY}. */
  readonly memory?: number;
  /** Hears what the machine writes to its console. */
  readonly onConsole?: (text: string) => void;
}

/** MiB that are enough, with some to spare. */
export const MEMORY = 384;
const GATE = join(import.meta.dirname, "gate.ts");

/** A machine that runs. Disposing cuts its power. */
export interface Machine extends AsyncDisposable {
  /** From one moment to the next, with no chance to write or say anything. */
  cutPower(): Promise<void>;
  /** Resolves when it is off, whatever the reason. */
  readonly off: Promise<void>;
}

/** Switches a machine on, whose processor is emulated in software: what it runs needs nothing of this host but this process. */
export function powerOn(options: MachineOptions): Machine {
  const emulator: ChildProcess = spawn("qemu-system-x86_64", argumentsFor(options), {
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const output of [emulator.stdout, emulator.stderr]) {
    output?.setEncoding("utf8").on("data", (text: string) => options.onConsole?.(text));
  }
  const { promise: off, resolve: isOff } = Promise.withResolvers<void>();
  emulator.once("exit", isOff).once("error", isOff);
  const cutPower = async (): Promise<void> => {
    emulator.kill("SIGKILL");
    await off;
  };
  // Not left behind by a program that ends in the middle.
  const end = (): void => void emulator.kill("SIGKILL");
  process.once("exit", end);
  emulator.once("exit", () => process.off("exit", end));
  return { cutPower, off, [Symbol.asyncDispose]: cutPower };
}

/** What QEMU is started with: no device but a console and a network card, and a network that leads to one port. */
export function argumentsFor({ kernel, initramfs, port, memory = MEMORY }: MachineOptions): readonly string[] {
  const gate = [process.execPath, GATE, String(port)].map(quoted).join(" ");
  return [
    ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
    ...["-accel", "tcg", "-cpu", "max", "-m", String(memory)],
    ...["-serial", "stdio"],
    ...["-kernel", kernel, "-initrd", initramfs],
    ...["-append", `console=ttyS0 quiet panic=-1 probe=${port}`],
    "-netdev",
    `user,id=net,restrict=on,ipv6=off,guestfwd=tcp:${SERVER.host}:${SERVER.port}-cmd:${gate.replaceAll(",", ",,")}`,
    ...["-device", "virtio-net-pci,netdev=net,romfile="],
  ];
}

/** QEMU takes the command apart as a shell would, though there is none. */
const quoted = (word: string): string => (/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
