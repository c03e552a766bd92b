import type { Readable } from "node:stream";

/** A flag for compression and four bytes of length stand before each message (gRPC over HTTP/2). */
const PREFIX_BYTES = 5;

/** A message as it goes over the wire. */
export function framed(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([prefix, message]);
}

/** The message in what `framedMessages` gives. */
export function unframed(frame: Buffer): Buffer {
  return frame.subarray(PREFIX_BYTES);
}

/**
 * Cuts one direction of a call into its messages, each with what stands before it; what is left over when the direction
 * ends in the middle of a message comes last.
 */
export async function* framedMessages(bytes: Readable): AsyncGenerator<Buffer, void, void> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    size += chunk.length;
    let needed = neededBytes(chunks);
    while (size >= needed) {
      const all = Buffer.concat(chunks);
      yield all.subarray(0, needed);
      chunks = [all.subarray(needed)];
      size -= needed;
      needed = neededBytes(chunks);
    }
  }
  if (size > 0) yield Buffer.concat(chunks);
}

/** What the message at hand takes, or would take at least while its length is not known. */
function neededBytes(chunks: Buffer[]): number {
  let first = chunks[0] ?? Buffer.alloc(0);
  if (first.length < PREFIX_BYTES && chunks.length > 1) {
    first = Buffer.concat(chunks);
    chunks.splice(0, chunks.length, first);
  }
  return first.length < PREFIX_BYTES ? PREFIX_BYTES : PREFIX_BYTES + first.readUInt32BE(1);
}
