import type { EventEmitter, Memento } from "vscode";
import type { Connection } from "./connection.ts";
import { PasswordMissingError } from "./connection-errors.ts";
import { type ConnectionDraft, storedConnections, withChanged } from "./connection-list.ts";
import type { Credentials } from "../event-store/credentials.ts";
import type { ConnectionSource } from "./connection-source.ts";
import type { Passwords } from "./passwords.ts";

const KEY = "sluice.connections";

export interface UserConnectionsOptions {
  readonly memento: Memento;
  readonly passwords: Passwords;
  readonly changes: EventEmitter<void>;
  readonly newId: () => string;
}

/** The connections that the user has added on this machine. Their passwords lie with {@link Passwords}. */
export class UserConnections implements ConnectionSource {
  readonly #options: UserConnectionsOptions;
  /** As listeners know them. */
  #told: string;

  constructor(options: UserConnectionsOptions) {
    this.#options = options;
    this.#told = JSON.stringify(this.all);
  }

  /** Read each time: another window may have changed them. */
  get all(): readonly Connection[] {
    return storedConnections(this.#options.memento.get(KEY));
  }

  get onDidChange() {
    return this.#options.changes.event;
  }

  async credentialsOf(connection: Connection): Promise<Credentials | undefined> {
    const { login } = connection;
    if (login === undefined) return undefined;
    const password = await this.#options.passwords.get(connection);
    if (password === undefined) throw new PasswordMissingError(login);
    return { login, password };
  }

  async add(draft: ConnectionDraft, password?: string): Promise<Connection> {
    const connection: Connection = { ...draft, id: this.#options.newId(), origin: "user" };
    if (password !== undefined) await this.#options.passwords.set(connection, password);
    await this.#keep([...this.all, connection]);
    return connection;
  }

  async change(id: string, change: (connection: Connection) => ConnectionDraft): Promise<void> {
    await this.#keep(withChanged(this.all, id, change));
  }

  /** With its password. */
  async remove(id: string): Promise<void> {
    await this.#keep(this.all.filter((one) => one.id !== id));
    await this.#options.passwords.forget({ id });
  }

  /** Tells of what has been changed from outside, if anything. */
  refresh(): void {
    const now = JSON.stringify(this.all);
    if (now === this.#told) return;
    this.#told = now;
    this.#options.changes.fire();
  }

  async #keep(connections: readonly Connection[]): Promise<void> {
    await this.#options.memento.update(KEY, connections);
    this.refresh();
  }
}
