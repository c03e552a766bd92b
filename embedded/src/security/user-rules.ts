import { UserRefusedError } from "./errors.ts";

const MAX_LENGTH = 256;
const MAX_GROUPS = 256;
const CONTROL = /\p{Cc}/u;

/**
 * Refuses what could never log in or would be mistaken for something else. A login that begins with `$` would pass for
 * the group of that name in every ACL; one with a colon cannot be sent.
 * @throws UserRefusedError
 */
export function refuseUnusable(
  user: { readonly login: string; readonly fullName?: string; readonly groups?: readonly string[] },
  password?: string,
): void {
  const { login, fullName = "", groups = [] } = user;
  if (login === "" || login.length > MAX_LENGTH || CONTROL.test(login) || /[:\s]|^\$/u.test(login)) {
    throw new UserRefusedError(
      `A login is 1 to ${MAX_LENGTH} characters without blanks, colons and control characters, and does not begin with "$". Choose another one.`,
    );
  }
  if (fullName.length > MAX_LENGTH || groups.length > MAX_GROUPS || groups.some((one) => one.length > MAX_LENGTH)) {
    throw new UserRefusedError(
      `A full name and a group's name have at most ${MAX_LENGTH} characters, and a user at most ${MAX_GROUPS} groups. Use less.`,
    );
  }
  if (password !== undefined && (password === "" || password.length > MAX_LENGTH || CONTROL.test(password))) {
    throw new UserRefusedError(
      `A password is 1 to ${MAX_LENGTH} characters without control characters. Choose another one.`,
    );
  }
}
