import { metadataDocument } from "../streams/stream-metadata.ts";
import type { LogRecord } from "../log/record.ts";
import type { PasswordHash } from "./password.ts";

/** A user as the latest event of the user's stream has it. */
export interface User extends PasswordHash {
  readonly login: string;
  readonly fullName: string;
  readonly groups: readonly string[];
  readonly isDisabled: boolean;
}

/** The body of the event, in the form and order in which EventStoreDB writes it. */
export function userDocument(user: User): Buffer {
  const { login, fullName, salt, hash, isDisabled, groups } = user;
  return Buffer.from(JSON.stringify({ loginName: login, fullName, salt, hash, disabled: isDisabled, groups }));
}

/** The user that an event describes; undefined if it describes none, so that a broken one lets nobody in. */
export function parseUser(record: LogRecord): User | undefined {
  const document = metadataDocument(record);
  if (document === undefined) return undefined;
  const { loginName, fullName, salt, hash, disabled, groups } = document;
  if (typeof loginName !== "string" || typeof salt !== "string" || typeof hash !== "string") return undefined;
  if (groups !== undefined && groups !== null && !isTexts(groups)) return undefined;
  if (disabled !== undefined && typeof disabled !== "boolean") return undefined;
  return {
    login: loginName,
    fullName: typeof fullName === "string" ? fullName : "",
    salt,
    hash,
    isDisabled: disabled === true,
    groups: groups ?? [],
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
