import type { SecretStorage } from "vscode";

/** A keychain that keeps what it is given in a map. */
export const memorySecrets = (secrets: Map<string, string>): SecretStorage =>
  ({
    get: async (key: string) => secrets.get(key),
    store: async (key: string, value: string) => void secrets.set(key, value),
    delete: async (key: string) => void secrets.delete(key),
  }) as Partial<SecretStorage> as SecretStorage;
