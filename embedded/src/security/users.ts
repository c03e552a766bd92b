import type { NewRecord } from "../log/record.ts";
import { NO_DATA } from "../log/record.ts";
import type { EventStore } from "../streams/event-store.ts";
import { METADATA_TYPE, metastreamOf } from "../streams/stream-metadata.ts";
import { UserChangedError, UserExistsError, UserNotFoundError, WrongPasswordError } from "./errors.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import { ADMINS, OPERATORS } from "./principal.ts";
import { parseUser, type User, userDocument } from "./user-record.ts";
import { refuseUnusable } from "./user-rules.ts";

/** What an admin says of a user. */
export interface UserDescription {
  readonly login: string;
  readonly fullName: string;
  readonly groups: readonly string[];
}

/** A user with when it was last changed, in milliseconds since 1970. */
export interface StoredUser {
  readonly user: User;
  readonly changed: number;
}

/** The passwords that the two first users get. */
export interface InitialPasswords {
  readonly admin: string;
  readonly ops: string;
}

/** The password of `admin` and `ops` where no other one is given, as everybody knows who knows EventStoreDB. */
export const DEFAULT_PASSWORD = "changeit";

const LIST_STREAM = "$users";
const LIST_ENTRY_TYPE = "$User";
const CREATED_TYPE = "$UserCreated";
const UPDATED_TYPE = "$UserUpdated";
/** A user's stream is the admins' own even where the settings let others read system streams: it holds password hashes. */
const ADMINS_ONLY = JSON.stringify({ $acl: { $r: ADMINS, $w: ADMINS, $d: ADMINS, $mr: ADMINS, $mw: ADMINS } });

const userStreamOf = (login: string): string => `$user-${login}`;

/** The users of a server, each kept in a stream `$user-<login>`; `$users` lists the logins there ever were. */
export class Users {
  readonly #store: EventStore;
  readonly #newId: () => string;
  #changes: Promise<unknown> = Promise.resolve();

  constructor(store: EventStore, newId: () => string) {
    this.#store = store;
    this.#newId = newId;
  }

  /** Makes `admin` and `ops` unless they were there before; one that was deleted stays so. */
  async createInitial(passwords: InitialPasswords): Promise<void> {
    const first = [
      ["admin", "Event Store Administrator", ADMINS],
      ["ops", "Event Store Operations", OPERATORS],
    ] as const;
    for (const [login, fullName, group] of first) {
      if (this.#lastRevision(login) >= 0) continue;
      await this.create({ login, fullName, groups: [group] }, passwords[login]);
    }
  }

  /** Another one whenever the user has changed; a soft delete shows in the metadata only. */
  versionOf(login: string): string {
    return `${this.#lastRevision(login)}/${this.#store.lastRevision(metastreamOf(userStreamOf(login)))}`;
  }

  find(login: string): StoredUser | undefined {
    const stream = userStreamOf(login);
    const page = this.#store.readStream({ stream, from: "end", direction: "backwards", maxCount: 1 });
    const record = page.outcome === "read" ? page.records[0] : undefined;
    const user = record && parseUser(record);
    return record === undefined || user?.login !== login ? undefined : { user, changed: record.created };
  }

  /** All users in the order in which they were first made. */
  list(): readonly StoredUser[] {
    const logins = new Set<string>();
    for (let from = 0; ;) {
      const page = this.#store.readStream({ stream: LIST_STREAM, from, direction: "forwards", maxCount: 500 });
      if (page.outcome !== "read") break;
      for (const { data } of page.records) logins.add(Buffer.from(data).toString("utf8"));
      if (page.isEnd) break;
      from = page.next;
    }
    return [...logins].map((login) => this.find(login)).filter((found) => found !== undefined);
  }

  /** @throws UserRefusedError, UserExistsError, UserChangedError */
  async create(description: UserDescription, password: string): Promise<void> {
    const { login } = description;
    refuseUnusable(description, password);
    const kept = await hashPassword(password);
    await this.#inTurn(async () => {
      if (this.find(login) !== undefined) throw new UserExistsError(login);
      // Listed first: a login in the list without a user is nobody, a user outside the list would go unseen.
      await this.#store.append(LIST_STREAM, "any", [this.#event(LIST_ENTRY_TYPE, Buffer.from(login), false)]);
      await this.#store.append(metastreamOf(userStreamOf(login)), "any", [
        this.#event(METADATA_TYPE, Buffer.from(ADMINS_ONLY), true),
      ]);
      await this.#write(CREATED_TYPE, { ...description, ...kept, isDisabled: false });
    });
  }

  /**
   * Changes the full name and the groups; the password stays.
   * @throws UserRefusedError, UserNotFoundError, UserChangedError
   */
  async update(description: UserDescription): Promise<void> {
    refuseUnusable(description);
    await this.#change(description.login, (user) => ({ ...user, ...description }));
  }

  /** A disabled user stays, and cannot log in. @throws UserNotFoundError, UserChangedError */
  setDisabled(login: string, isDisabled: boolean): Promise<void> {
    return this.#change(login, (user) => (user.isDisabled === isDisabled ? user : { ...user, isDisabled }));
  }

  /** @throws UserRefusedError, UserNotFoundError, UserChangedError */
  async resetPassword(login: string, password: string): Promise<void> {
    refuseUnusable({ login }, password);
    if (this.find(login) === undefined) throw new UserNotFoundError(login);
    const kept = await hashPassword(password);
    await this.#change(login, (user) => ({ ...user, ...kept }));
  }

  /** @throws UserRefusedError, UserNotFoundError, WrongPasswordError, UserChangedError */
  async changePassword(login: string, current: string, password: string): Promise<void> {
    refuseUnusable({ login }, password);
    const found = this.find(login);
    if (found === undefined) throw new UserNotFoundError(login);
    if (!(await verifyPassword(current, found.user))) throw new WrongPasswordError(login);
    const kept = await hashPassword(password);
    await this.#change(login, (user) => {
      if (user.hash !== found.user.hash) throw new UserChangedError(login);
      return { ...user, ...kept };
    });
  }

  /** @throws UserNotFoundError, UserChangedError */
  delete(login: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.find(login) === undefined) throw new UserNotFoundError(login);
      const { outcome } = await this.#store.delete(userStreamOf(login), this.#lastRevision(login));
      if (outcome !== "deleted") throw new UserChangedError(login);
    });
  }

  #change(login: string, change: (user: User) => User): Promise<void> {
    return this.#inTurn(async () => {
      const found = this.find(login);
      if (found === undefined) throw new UserNotFoundError(login);
      const changed = change(found.user);
      if (changed !== found.user) await this.#write(UPDATED_TYPE, changed);
    });
  }

  async #write(type: string, user: User): Promise<void> {
    const last = this.#lastRevision(user.login);
    const { outcome } = await this.#store.append(userStreamOf(user.login), last < 0 ? "no_stream" : last, [
      this.#event(type, userDocument(user), true),
    ]);
    if (outcome !== "appended") throw new UserChangedError(user.login);
  }

  #lastRevision(login: string): number {
    return this.#store.lastRevision(userStreamOf(login));
  }

  #event(type: string, data: Buffer, isJson: boolean): NewRecord {
    return { id: this.#newId(), type, isJson, data, metadata: NO_DATA };
  }

  /** Changes come one after the other, so that each sees the one before it. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#changes.then(change);
    this.#changes = result.catch(() => {});
    return result;
  }
}
