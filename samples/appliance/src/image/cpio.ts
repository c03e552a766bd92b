/** A file, directory or device of a machine's first file system. */
export type Entry =
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "file"; readonly path: string; readonly content: Uint8Array; readonly isExecutable?: boolean }
  | { readonly kind: "device"; readonly path: string; readonly major: number; readonly minor: number };

const MODES = { directory: 0o040_755, file: 0o100_644, executable: 0o100_755, device: 0o020_600 };
const END = "TRAILER!!!";
/** Names and contents begin at multiples of this. */
const ALIGNED = 4;

/**
 * An archive as the kernel unpacks it into memory: cpio in its "newc" form, which is a header of hexadecimal numbers, a name, and the
 * content, for each entry. The same entries give the same bytes: there are no times or owners in it.
 */
export function cpio(entries: readonly Entry[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const [index, entry] of withParents(entries).entries()) {
    const content = entry.kind === "file" ? entry.content : new Uint8Array();
    const mode = entry.kind === "file" && entry.isExecutable === true ? MODES.executable : MODES[entry.kind];
    const device = entry.kind === "device" ? entry : { major: 0, minor: 0 };
    parts.push(
      header(entry.path, { index: index + 1, mode, size: content.length, ...device }),
      content,
      padding(content.length),
    );
  }
  parts.push(header(END, { index: 0, mode: 0, size: 0, major: 0, minor: 0 }));
  return Buffer.concat(parts);
}

interface Numbers {
  readonly index: number;
  readonly mode: number;
  readonly size: number;
  readonly major: number;
  readonly minor: number;
}

function header(name: string, { index, mode, size, major, minor }: Numbers): Buffer {
  // Magic, then: inode, mode, user, group, links, time, size, the archive's device (2), this device (2), length of the name, checksum.
  const numbers = [index, mode, 0, 0, 1, 0, size, 0, 0, major, minor, Buffer.byteLength(name) + 1, 0];
  const text = `070701${numbers.map((number) => number.toString(16).padStart(8, "0")).join("")}${name}\0`;
  const bytes = Buffer.from(text);
  return Buffer.concat([bytes, padding(bytes.length)]);
}

const padding = (length: number): Buffer => Buffer.alloc((ALIGNED - (length % ALIGNED)) % ALIGNED);

/** The kernel makes no directory by itself: each stands before what is in it. */
function withParents(entries: readonly Entry[]): readonly Entry[] {
  const made = new Map<string, Entry>();
  for (const entry of entries) {
    const parts = entry.path.split("/");
    for (let end = 1; end < parts.length; end++) {
      const path = parts.slice(0, end).join("/");
      if (!made.has(path)) made.set(path, { kind: "directory", path });
    }
    made.set(entry.path, entry);
  }
  return [...made.values()];
}
