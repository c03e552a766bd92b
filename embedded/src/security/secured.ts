import type { EventStore } from "../streams/event-store.ts";
import { AccessControl } from "./access-control.ts";
import { Authenticator } from "./authenticator.ts";
import { type Certificate, type CertificateFiles, readCertificate } from "./certificate.ts";
import { namesOf } from "./hosts.ts";
import { certificateIn, temporaryCertificate } from "./stored-certificate.ts";
import { DEFAULT_PASSWORD, type InitialPasswords, Users } from "./users.ts";

/** What makes a server closed to strangers. */
export interface Secured {
  readonly certificate: Certificate;
  /** The file that clients have to know to trust the certificate; undefined for one that was given. */
  readonly authorityFile: string | undefined;
  readonly users: Users;
  readonly authenticator: Authenticator;
  readonly access: AccessControl;
  /** Which of the first users have the password that everybody knows. */
  withDefaultPassword(): Promise<readonly string[]>;
  /** Removes what nobody needs when the server is gone. */
  discard(): Promise<void>;
}

export interface SecuredOptions {
  readonly store: EventStore;
  /** Where a certificate that is made here is kept; undefined makes one for this run only. */
  readonly directory: string | undefined;
  /** The address that the server listens on. */
  readonly host: string;
  /** Somebody's own certificate; undefined has one made. */
  readonly certificate: CertificateFiles | undefined;
  readonly initialPasswords: InitialPasswords;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
}

/**
 * Gets a certificate and makes sure of the first users.
 * @throws CertificateUnusableError, UserRefusedError
 */
export async function secured(options: SecuredOptions): Promise<Secured> {
  const { store, initialPasswords } = options;
  const { certificate, authorityFile, discard } = await certificateFor(options);
  const users = new Users(store, options.newId);
  const authenticator = new Authenticator(users);
  try {
    await users.createInitial(initialPasswords);
  } catch (error) {
    await discard();
    throw error;
  }
  return {
    certificate,
    authorityFile,
    users,
    authenticator,
    access: new AccessControl(store),
    discard,
    async withDefaultPassword() {
      const first = ["admin", "ops"];
      const found = await Promise.all(
        first.map((login) => authenticator.authenticate({ login, password: DEFAULT_PASSWORD })),
      );
      return first.filter((_login, i) => found[i] !== undefined);
    },
  };
}

async function certificateFor({ certificate, directory, host, now }: SecuredOptions): Promise<{
  readonly certificate: Certificate;
  readonly authorityFile: string | undefined;
  readonly discard: () => Promise<void>;
}> {
  if (certificate !== undefined) {
    const given = await readCertificate(certificate, now());
    return { certificate: given, authorityFile: undefined, discard: async () => {} };
  }
  const own =
    directory === undefined
      ? await temporaryCertificate(namesOf(host), now())
      : await certificateIn(directory, namesOf(host), now());
  return { certificate: own, authorityFile: own.authorityFile, discard: own.discard };
}
