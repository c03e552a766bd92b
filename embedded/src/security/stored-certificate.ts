import { X509Certificate } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Certificate, problemOf } from "./certificate.ts";
import { type GeneratedCertificate, generateCertificate } from "./generated-certificate.ts";
import type { HostNames } from "./hosts.ts";

/** A certificate that the server has made for itself. */
export interface OwnCertificate extends Certificate {
  /** The file that clients have to know, `tlsCAFile` in a connection string. */
  readonly authorityFile: string;
  /** Removes what nobody needs when the server is gone. */
  discard(): Promise<void>;
}

const FOLDER = "certificates";
const AUTHORITY_FILE = "ca.crt";
const CERTIFICATE_FILE = "server.crt";
const KEY_FILE = "server.key";
/** A new one is made this long before the old one ends. */
const RENEWAL_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * The server's own certificate in its data directory: the one it made before as long as that will do, or a new one, which clients
 * have to be told of. So one that lacks an address which the machine has got since will do.
 */
export async function certificateIn(directory: string, hosts: HostNames, now: number): Promise<OwnCertificate> {
  const folder = join(directory, FOLDER);
  const authorityFile = join(folder, AUTHORITY_FILE);
  const discard = async (): Promise<void> => {};
  const kept = await readKept(folder);
  if (kept !== undefined && isGood(kept, hosts.lasting, now)) return { ...kept, authorityFile, discard };
  const made = await generateCertificate(hosts.all, now);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await replace(join(folder, KEY_FILE), made.key, 0o600);
  await replace(join(folder, CERTIFICATE_FILE), made.chain, 0o644);
  await replace(authorityFile, made.authority, 0o644);
  return { ...made, authorityFile, discard };
}

/** A certificate for as long as the server runs. Only what clients have to know is written, to a temporary directory. */
export async function temporaryCertificate(hosts: HostNames, now: number): Promise<OwnCertificate> {
  const made = await generateCertificate(hosts.all, now);
  const folder = await mkdtemp(join(tmpdir(), "sluice-certificate-"));
  const authorityFile = join(folder, AUTHORITY_FILE);
  await writeFile(authorityFile, made.authority);
  return { ...made, authorityFile, discard: () => rm(folder, { recursive: true, force: true }) };
}

async function readKept(folder: string): Promise<GeneratedCertificate | undefined> {
  try {
    const [chain, key, authority] = await Promise.all(
      [CERTIFICATE_FILE, KEY_FILE, AUTHORITY_FILE].map((name) => readFile(join(folder, name))),
    );
    return chain && key && authority && { chain, key, authority };
  } catch {
    return undefined;
  }
}

/** Whole, of one making, long enough valid, and for all hosts. */
function isGood(kept: GeneratedCertificate, hosts: readonly string[], now: number): boolean {
  if (problemOf(kept, now) !== undefined || problemOf(kept, now + RENEWAL_MS) !== undefined) return false;
  try {
    const certificate = new X509Certificate(kept.chain);
    const isFor = (host: string) =>
      (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
    return certificate.verify(new X509Certificate(kept.authority).publicKey) && hosts.every(isFor);
  } catch {
    return false;
  }
}

/** A file is there whole or as it was before, and never readable to more than it is meant for. */
async function replace(path: string, content: Buffer, mode: number): Promise<void> {
  const aside = `${path}.new`;
  await rm(aside, { force: true });
  await writeFile(aside, content, { mode, flag: "wx" });
  await rename(aside, path);
}
