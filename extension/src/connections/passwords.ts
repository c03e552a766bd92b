import type { SecretStorage } from "vscode";

const PREFIX = "sluice.password:";

/** The passwords of connections, in the system's keychain and nowhere else. */
export class Passwords {
  readonly #secrets: SecretStorage;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  async get(connectionId: string): Promise<string | undefined> {
    return this.#secrets.get(PREFIX + connectionId);
  }

  async set(connectionId: string, password: string): Promise<void> {
    await this.#secrets.store(PREFIX + connectionId, password);
  }

  async forget(connectionId: string): Promise<void> {
    await this.#secrets.delete(PREFIX + connectionId);
  }
}
