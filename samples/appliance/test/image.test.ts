import assert from "node:assert/strict";
import { test } from "node:test";
import { cpio } from "../src/image/cpio.ts";
import { loadOrder, needsOf } from "../src/image/kernel-modules.ts";
import { librariesIn } from "../src/image/libraries.ts";
import { argumentsFor } from "../src/machine.ts";

/** What an archive says is in it, read by the form's own rules. */
function entriesIn(archive: Buffer) {
  const found: { name: string; mode: string; content: string; device: string }[] = [];
  const aligned = (at: number): number => Math.ceil(at / 4) * 4;
  for (let at = 0; ;) {
    assert.equal(archive.toString("latin1", at, at + 6), "070701");
    const number = (index: number): number =>
      Number.parseInt(archive.toString("latin1", at + 6 + index * 8, at + 14 + index * 8), 16);
    const nameEnd = at + 110 + number(11);
    const name = archive.toString("utf8", at + 110, nameEnd - 1);
    if (name === "TRAILER!!!") return found;
    const begin = aligned(nameEnd);
    const content = archive.toString("utf8", begin, begin + number(6));
    found.push({ name, mode: number(1).toString(8), content, device: `${number(9)}:${number(10)}` });
    at = aligned(begin + number(6));
  }
}

test("cpio – holds files, programs, devices, and each folder before what is in it", () => {
  const archive = cpio([
    { kind: "device", path: "dev/console", major: 5, minor: 1 },
    { kind: "file", path: "a/b/text", content: Buffer.from("five!") },
    { kind: "file", path: "a/run", content: Buffer.from("four"), isExecutable: true },
    { kind: "directory", path: "proc" },
  ]);
  assert.deepEqual(
    entriesIn(archive).map(({ name, mode, content, device }) => [name, mode, content, device]),
    [
      ["dev", "40755", "", "0:0"],
      ["dev/console", "20600", "", "5:1"],
      ["a", "40755", "", "0:0"],
      ["a/b", "40755", "", "0:0"],
      ["a/b/text", "100644", "five!", "0:0"],
      ["a/run", "100755", "four", "0:0"],
      ["proc", "40755", "", "0:0"],
    ],
  );
});

test("modules – each is loaded behind those it needs, as it says itself; what is built in is not", () => {
  const module = (needs: string): Buffer => Buffer.from(`ELF\0license=GPL\0depends=${needs}\0name=x\0`, "latin1");
  const all = new Map([
    ["virtio_net", module("virtio,net-failover")],
    ["net_failover", module("failover,built_in")],
    ["failover", module("")],
    ["virtio", module("virtio_ring")],
    ["virtio_ring", Buffer.from("ELF\0license=GPL\0")],
  ]);
  const order = loadOrder(["virtio_net", "failover"], (name) => {
    const content = all.get(name);
    return content && { name, needs: needsOf(content) };
  });
  assert.deepEqual(order, ["virtio_ring", "virtio", "failover", "net_failover", "virtio_net"]);
});

test("libraries – all that ldd names are taken, the loader too; a missing one is told", () => {
  const printed = `	linux-vdso.so.1 (0x00007f0f3c452000)
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f0f3bf37000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f0f3c454000)
`;
  assert.deepEqual(librariesIn(printed), ["/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2"]);
  assert.throws(() => librariesIn("	libgone.so.1 => not found\n"), /library libgone\.so\.1 is missing/);
});

test("machine – its network leads to one port, and nowhere else", () => {
  const options = argumentsFor({ kernel: "/k", initramfs: "/i", port: 4711 });
  const networks = options.filter((_, index) => options[index - 1] === "-netdev");
  assert.equal(networks.length, 1);
  assert.match(
    networks[0] ?? "",
    /^user,id=net,restrict=on,ipv6=off,guestfwd=tcp:10\.0\.2\.100:2113-cmd:\S+ \S+gate\.ts 4711$/,
  );
  for (const option of ["-drive", "-hda", "-cdrom", "-monitor", "-usb"]) assert.ok(!options.includes(option));
});
