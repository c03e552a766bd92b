import { deflateSync, gzipSync } from "node:zlib";
import { grpcMessage } from "./frames.ts";
import type { Target } from "./methods.ts";
import type { Random } from "./random.ts";

/** Small bytes that become many. */
const BOMBS = new Map([gzipSync, deflateSync].map((compress) => [compress, compress(Buffer.alloc(100_000_000))]));

/** Bytes that are nearly a good message: flipped, cut, stretched, repeated or mixed. */
function mutated(random: Random, sample: Buffer): Buffer {
  let bytes: Buffer = Buffer.from(sample);
  for (let times = 1 + random.below(4); times > 0; times--) {
    const at = random.below(bytes.length + 1);
    switch (random.below(7)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        bytes = bytes.subarray(0, at);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), random.bytes(random.length() % 300), bytes.subarray(at)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes, bytes]);
        break;
      case 4:
        // The largest number that a varint can hold, and one that never ends.
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.alloc(random.pick([9, 10, 11, 40]), 0xff),
          bytes.subarray(at),
        ]);
        break;
      case 5:
        if (at < bytes.length) bytes[at] = random.pick([0, 1, 0x7f, 0x80, 0xff]);
        break;
      default:
        bytes = nested(random, bytes);
    }
  }
  return bytes.subarray(0, 300_000);
}

/** The message inside of itself, as deep as a field number and a length allow. */
function nested(random: Random, bytes: Buffer): Buffer {
  let inside = bytes;
  for (let depth = random.pick([1, 2, 10, 200]); depth > 0 && inside.length < 100_000; depth--) {
    const length: number[] = [];
    for (let rest = inside.length; ; rest >>>= 7) {
      if (rest < 128) {
        length.push(rest);
        break;
      }
      length.push((rest & 127) | 128);
    }
    inside = Buffer.concat([Buffer.from([(random.below(5) << 3) | 2 | 8, ...length]), inside]);
  }
  return inside;
}

/** A text field as long as it may get, where names of streams, groups, projections and users stand. */
function oversized(random: Random): Buffer {
  const text = Buffer.alloc(random.pick([70_000, 200_000, 1_100_000]), random.pick(["n", "é", "\u{1f600}", "\0", "$"]));
  const field = (number: number, body: Buffer): Buffer => {
    const length: number[] = [];
    for (let rest = body.length; rest > 0; rest >>>= 7) length.push((rest & 127) | (rest > 127 ? 128 : 0));
    return Buffer.concat([Buffer.from([(number << 3) | 2, ...length]), body]);
  };
  // Options, in them a name, in that, for streams, the name itself.
  return field(1, field(1 + random.below(3), random.chance(0.5) ? field(3, text) : text));
}

export interface Body {
  readonly chunks: readonly Buffer[];
  /** For the header `grpc-encoding`. */
  readonly encoding?: string;
}

/** What goes out as the body of a call. */
export function bodyFor(random: Random, target: Target): Body {
  const sample = random.pick(target.samples);
  switch (random.below(14)) {
    case 0:
      return { chunks: [grpcMessage(random.bytes(random.length()))] };
    case 1:
      return { chunks: [] };
    case 2:
      return { chunks: [grpcMessage(Buffer.alloc(0))] };
    case 3:
      // Longer or shorter than it says.
      return {
        chunks: [grpcMessage(sample, random.pick([0, sample.length - 1, sample.length + 1, 1e6, 0xffff_ffff]) >>> 0)],
      };
    case 4:
      return { chunks: [random.bytes(random.length())] };
    case 5:
      return { chunks: Array.from({ length: 1 + random.below(50) }, () => grpcMessage(mutated(random, sample))) };
    case 6: {
      const compress = random.pick([gzipSync, deflateSync]);
      const body = random.chance(0.5)
        ? random.bytes(50)
        : random.chance(0.1)
          ? (BOMBS.get(compress) ?? sample)
          : compress(sample);
      return {
        chunks: [grpcMessage(body, body.length, 1)],
        encoding: random.pick(["gzip", "deflate", "identity", "snappy", ""]),
      };
    }
    case 7:
      return random.chance(0.3)
        ? { chunks: [grpcMessage(oversized(random))] }
        : { chunks: [grpcMessage(mutated(random, sample), undefined, random.below(256))] };
    default:
      return { chunks: [grpcMessage(mutated(random, sample))] };
  }
}
