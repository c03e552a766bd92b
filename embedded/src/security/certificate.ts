import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { CertificateUnusableError } from "./certificate-errors.ts";

/** What a TLS server shows and proves who it is with, in PEM. */
export interface Certificate {
  /** The server's own certificate first, then those that lead to one its clients know. */
  readonly chain: Buffer;
  readonly key: Buffer;
}

/** Where somebody's own certificate lies: files in PEM, the key without a passphrase. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** @throws CertificateUnusableError that says which file is at fault, and how. */
export async function readCertificate(files: CertificateFiles, now: number): Promise<Certificate> {
  const chain = await contentOf(files.cert);
  const key = await contentOf(files.key);
  const problem = problemOf({ chain, key }, now);
  if (problem !== undefined) throw new CertificateUnusableError(files[problem.file], problem.what);
  return { chain, key };
}

/** Why a server cannot use a certificate at this moment; undefined if it can. */
export function problemOf(
  { chain, key }: Certificate,
  now: number,
): { readonly file: "cert" | "key"; readonly what: string } | undefined {
  const certificate = parsed(() => new X509Certificate(chain));
  if (certificate === undefined) return { file: "cert", what: "it is not a certificate in PEM" };
  const privateKey = parsed(() => createPrivateKey(key));
  if (privateKey === undefined) return { file: "key", what: "it is not a private key in PEM without a passphrase" };
  if (!certificate.checkPrivateKey(privateKey)) return { file: "key", what: "it belongs to another certificate" };
  const refusal = refusalOf({ chain, key });
  if (refusal !== undefined) return { file: "cert", what: `it, its chain or its key is not accepted (${refusal})` };
  if (Date.parse(certificate.validFrom) > now) {
    return {
      file: "cert",
      what: `it is valid from ${certificate.validFrom} on only, if this machine's clock is right`,
    };
  }
  if (Date.parse(certificate.validTo) <= now) {
    return { file: "cert", what: `it was valid until ${certificate.validTo} only` };
  }
  return undefined;
}

/** Why OpenSSL would refuse to serve with them, in its words, such as `ee key too small`. */
function refusalOf({ chain, key }: Certificate): string | undefined {
  try {
    createSecureContext({ cert: chain, key });
    return undefined;
  } catch (error) {
    const { reason, message } = error as Error & { readonly reason?: string };
    return reason ?? message;
  }
}

async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new CertificateUnusableError(path, "it cannot be read", { cause });
  }
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
