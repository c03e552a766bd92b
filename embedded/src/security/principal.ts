/** The group whose members may do everything. */
export const ADMINS = "$admins";
/** The group whose members may run the server: projections, persistent subscriptions, maintenance. */
export const OPERATORS = "$ops";
/** In an ACL: whoever has proved who they are. */
export const EVERYBODY = "$all";

/**
 * On whose behalf a call is made. `system` is the server itself, and everybody on a server without security;
 * `anonymous` gave no credentials to a server that wants some.
 */
export type Principal = { readonly kind: "system" } | { readonly kind: "anonymous" } | UserPrincipal;

export interface UserPrincipal {
  readonly kind: "user";
  readonly login: string;
  readonly groups: readonly string[];
}

export const SYSTEM: Principal = { kind: "system" };
export const ANONYMOUS: Principal = { kind: "anonymous" };

/** Whether one of the names in an ACL means the user: the login, one of the groups, or {@link EVERYBODY}. */
export function isNamed(user: UserPrincipal, names: readonly string[]): boolean {
  return names.some((name) => name === EVERYBODY || name === user.login || user.groups.includes(name));
}
