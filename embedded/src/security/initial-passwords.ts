import { DEFAULT_PASSWORD, type InitialPasswords } from "./users.ts";

/** The variables that EventStoreDB reads, too. They hold for users that are made now, not for those that are there. */
export const ADMIN_PASSWORD_VARIABLE = "EVENTSTORE_DEFAULT_ADMIN_PASSWORD";
export const OPS_PASSWORD_VARIABLE = "EVENTSTORE_DEFAULT_OPS_PASSWORD";

/** The passwords that the first users are made with: from the environment, or else the one that everybody knows. */
export function initialPasswordsFrom(environment: Readonly<Record<string, string | undefined>>): InitialPasswords {
  return {
    admin: environment[ADMIN_PASSWORD_VARIABLE] || DEFAULT_PASSWORD,
    ops: environment[OPS_PASSWORD_VARIABLE] || DEFAULT_PASSWORD,
  };
}
