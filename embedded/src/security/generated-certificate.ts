import { webcrypto } from "node:crypto";
import type { Certificate } from "./certificate.ts";

/** A certificate made here, with the authority that signed it: the one file that clients have to know. */
export interface GeneratedCertificate extends Certificate {
  /** PEM. */
  readonly authority: Buffer;
}

const DAY = 24 * 60 * 60 * 1000;
/** The longest that all clients accept. */
const VALID_MS = 825 * DAY;
/** Clocks differ. */
const EARLIER_MS = DAY;

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/**
 * Makes a certificate for `hosts` (names and addresses), signed by an authority made for it alone. The authority's key
 * is forgotten at once, so trusting the authority is trusting this server and nobody else.
 */
export async function generateCertificate(hosts: readonly string[], now: number): Promise<GeneratedCertificate> {
  // The library decorates classes, which needs this loaded first; and neither is needed by a server that makes nothing.
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const { isIP } = await import("node:net");
  const { subtle } = webcrypto;
  const validity = { notBefore: new Date(now - EARLIER_MS), notAfter: new Date(now + VALID_MS) };
  const authorityKeys = await subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  const keys = await subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);

  const authority = await x509.X509CertificateGenerator.createSelfSigned(
    {
      ...validity,
      name: "CN=Sluice embedded server authority",
      keys: authorityKeys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  const certificate = await x509.X509CertificateGenerator.create(
    {
      ...validity,
      subject: "CN=Sluice embedded server",
      issuer: authority.subject,
      publicKey: keys.publicKey,
      signingKey: authorityKeys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          hosts.map((host) => ({ type: isIP(host) === 0 ? ("dns" as const) : ("ip" as const), value: host })),
        ),
        await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey, false, webcrypto),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  const key = x509.PemConverter.encode(await subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return {
    chain: Buffer.from(`${certificate.toString("pem")}\n`),
    key: Buffer.from(`${key}\n`),
    authority: Buffer.from(`${authority.toString("pem")}\n`),
  };
}
