import type { SecretStorage } from "vscode";
import type { Connection } from "./connection.ts";

const PREFIX = "sluice.password:";

/** Whose password it is. */
type Owner = Pick<Connection, "id" | "origin" | "connectionString">;

/**
 * The passwords of connections, in the system's keychain and nowhere else. Where a file leads is decided by whoever writes it: the
 * password of such a connection is for the connection string that it was entered for, and for no other.
 */
export class Passwords {
  readonly #secrets: SecretStorage;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  async get(owner: Owner): Promise<string | undefined> {
    const kept = await this.#secrets.get(PREFIX + owner.id);
    const scope = scopeOf(owner);
    return kept?.startsWith(scope) === true ? kept.slice(scope.length) : undefined;
  }

  async set(owner: Owner, password: string): Promise<void> {
    await this.#secrets.store(PREFIX + owner.id, scopeOf(owner) + password);
  }

  async forget({ id }: Pick<Owner, "id">): Promise<void> {
    await this.#secrets.delete(PREFIX + id);
  }
}

const scopeOf = ({ origin, connectionString }: Owner): string =>
  origin === "workspace" ? `${connectionString}\n` : "";
