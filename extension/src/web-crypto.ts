/**
 * The part of `node:crypto` by which generated projections tell whether a hand has changed them, for hosts without Node: the web
 * bundle has it in that module's place. SHA-256 of FIPS 180-4; what browsers have themselves answers later only.
 */
export function createHash(_algorithm: "sha256"): Hash {
  let text = "";
  const hash: Hash = {
    update(more) {
      text += more;
      return hash;
    },
    digest: () => hexadecimal(sha256(new TextEncoder().encode(text))),
  };
  return hash;
}

interface Hash {
  update(text: string): Hash;
  digest(encoding: "hex"): string;
}

const hexadecimal = (words: Uint32Array): string =>
  [...words].map((word) => word.toString(16).padStart(8, "0")).join("");

/** Bits of the fractions of a root of the first primes, 32 of each. */
function fractions(count: number, root: number): Uint32Array {
  const words: number[] = [];
  for (let number = 2; words.length < count; number += 1) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= number; divisor += 1) if (number % divisor === 0) isPrime = false;
    if (isPrime) words.push((number ** (1 / root) % 1) * 2 ** 32);
  }
  return Uint32Array.from(words);
}

const CONSTANTS = fractions(64, 3);
const BEGIN = fractions(8, 2);
const BLOCK = 64;

function sha256(bytes: Uint8Array): Uint32Array {
  const padded = new DataView(new ArrayBuffer(Math.ceil((bytes.length + 9) / BLOCK) * BLOCK));
  new Uint8Array(padded.buffer).set(bytes);
  padded.setUint8(bytes.length, 0x80);
  padded.setBigUint64(padded.byteLength - 8, BigInt(bytes.length) * 8n);
  const state = BEGIN.slice();
  const schedule = new Uint32Array(64);
  for (let block = 0; block < padded.byteLength; block += BLOCK) {
    for (let t = 0; t < 64; t += 1) {
      schedule[t] = t < 16 ? padded.getUint32(block + 4 * t) : extended(schedule, t);
    }
    compress(state, schedule);
  }
  return state;
}

const rotated = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function extended(schedule: Uint32Array, t: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [schedule[t - 2], schedule[t - 7], schedule[t - 15], schedule[t - 16]];
  return (rotated(a, 17) ^ rotated(a, 19) ^ (a >>> 10)) + b + (rotated(c, 7) ^ rotated(c, 18) ^ (c >>> 3)) + d;
}

function compress(state: Uint32Array, schedule: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let t = 0; t < 64; t += 1) {
    const chosen = (e & f) ^ (~e & g);
    const one =
      h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + chosen + (CONSTANTS[t] ?? 0) + (schedule[t] ?? 0);
    const two = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] = (state[index] ?? 0) + word;
}
