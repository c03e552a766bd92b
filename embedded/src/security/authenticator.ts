import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Credentials } from "./basic-credentials.ts";
import { TooManyLoginsError } from "./errors.ts";
import { hashPassword, type PasswordHash, verifyPassword } from "./password.ts";
import type { UserPrincipal } from "./principal.ts";
import type { Users } from "./users.ts";

/** Passwords checked at once: hashing shares its threads with the disk, and each takes 16 MiB. */
const AT_ONCE = 2;
const MAX_WAITING = 200;
const MAX_REMEMBERED = 1000;

interface Remembered {
  /** Of the user; with another one nothing of this holds any more. */
  readonly version: string;
  readonly proof: Buffer;
  readonly principal: UserPrincipal;
}

/**
 * Tells who somebody is by login and password. Hashing is slow on purpose, so who has proved it once is recognized at
 * once from then on, until the user changes; what is remembered serves nobody outside this process.
 */
export class Authenticator {
  readonly #users: Users;
  readonly #verify: typeof verifyPassword;
  readonly #key = randomBytes(32);
  readonly #remembered = new Map<string, Remembered>();
  readonly #checking = new Map<string, Promise<UserPrincipal | undefined>>();
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #nobody: Promise<PasswordHash> | undefined;

  /** `verify` is how a password is checked against what is kept of it. */
  constructor(users: Users, verify: typeof verifyPassword = verifyPassword) {
    this.#users = users;
    this.#verify = verify;
  }

  /**
   * The user, undefined for a wrong login or password and for a disabled user; a promise only where a password has to
   * be hashed for it, which rejects with a {@link TooManyLoginsError} while too many wait for that.
   */
  authenticate(credentials: Credentials): UserPrincipal | Promise<UserPrincipal | undefined> {
    const { login, password } = credentials;
    const proof = this.#proofOf(password);
    const known = this.#remembered.get(login);
    if (known?.version === this.#users.versionOf(login) && timingSafeEqual(known.proof, proof)) {
      return known.principal;
    }
    // A client that begins with many calls at once has its password hashed once.
    const key = `${proof.toString("base64")} ${login}`;
    const running = this.#checking.get(key);
    if (running !== undefined) return running;
    const check = this.#check(credentials, proof).finally(() => this.#checking.delete(key));
    this.#checking.set(key, check);
    return check;
  }

  async #check({ login, password }: Credentials, proof: Buffer): Promise<UserPrincipal | undefined> {
    await this.#turn();
    try {
      const version = this.#users.versionOf(login);
      const user = this.#users.find(login)?.user;
      // As much work for a login that is not there, so that the time tells nobody which ones are.
      const isRight = await this.#verify(password, user ?? (await this.#someHash()));
      if (user === undefined || user.isDisabled || !isRight) return undefined;
      const principal: UserPrincipal = { kind: "user", login, groups: user.groups };
      if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(login, { version, proof, principal });
      return principal;
    } finally {
      // Whoever waits longest takes over this turn.
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy--;
      else next();
    }
  }

  async #turn(): Promise<void> {
    if (this.#busy < AT_ONCE) {
      this.#busy++;
      return;
    }
    if (this.#waiting.length >= MAX_WAITING) throw new TooManyLoginsError();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #someHash(): Promise<PasswordHash> {
    this.#nobody ??= hashPassword(this.#key.toString("base64"));
    return this.#nobody;
  }

  #proofOf(password: string): Buffer {
    return createHmac("sha256", this.#key).update(password).digest();
  }
}
