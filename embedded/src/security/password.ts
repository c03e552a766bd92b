import { pbkdf2, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

/** What is kept of a password. */
export interface PasswordHash {
  /** `scrypt:` and the hash in base64; without that word one that EventStoreDB itself has written. */
  readonly hash: string;
  /** Base64. */
  readonly salt: string;
}

const SALT_BYTES = 16;
const PREFIX = "scrypt:";
const HASH_BYTES = 32;
/** 16 MiB and some 50 ms for each guess. */
const COST = { N: 16_384, r: 8, p: 1 } as const;
/** EventStoreDB's own: PBKDF2 with SHA-1, a thousand rounds, 20 bytes. */
const FOREIGN = { rounds: 1000, bytes: 20, digest: "sha1" } as const;

const derive = promisify<string, Buffer, number, typeof COST, Buffer>(scrypt);
const deriveForeign = promisify(pbkdf2);

/** Hashes a new password. `randomSalt` is for tests that must give the same each time. */
export async function hashPassword(
  password: string,
  randomSalt: () => Buffer = () => randomBytes(SALT_BYTES),
): Promise<PasswordHash> {
  const salt = randomSalt();
  const hash = await derive(password.normalize("NFC"), salt, HASH_BYTES, COST);
  return { hash: PREFIX + hash.toString("base64"), salt: salt.toString("base64") };
}

/** Whether the password is the one that was hashed. Takes as long for a wrong one as for the right one. */
export async function verifyPassword(password: string, kept: PasswordHash): Promise<boolean> {
  const salt = Buffer.from(kept.salt, "base64");
  if (kept.hash.startsWith(PREFIX)) {
    const expected = Buffer.from(kept.hash.slice(PREFIX.length), "base64");
    return isSame(await derive(password.normalize("NFC"), salt, HASH_BYTES, COST), expected);
  }
  const { rounds, bytes, digest } = FOREIGN;
  return isSame(await deriveForeign(password, salt, rounds, bytes, digest), Buffer.from(kept.hash, "base64"));
}

function isSame(actual: Buffer, expected: Buffer): boolean {
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
