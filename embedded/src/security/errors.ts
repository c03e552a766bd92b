/** No user has that login. */
export class UserNotFoundError extends Error {
  override readonly name = "UserNotFoundError";
  readonly login: string;

  constructor(login: string) {
    super(`User '${login}' is not found.`);
    this.login = login;
  }
}

/** There is a user of that login. */
export class UserExistsError extends Error {
  override readonly name = "UserExistsError";
  readonly login: string;

  constructor(login: string) {
    super(`User '${login}' exists. Update it, or choose another login.`);
    this.login = login;
  }
}

/** Somebody wrote to the user's stream at the same moment. */
export class UserChangedError extends Error {
  override readonly name = "UserChangedError";
  readonly login: string;

  constructor(login: string) {
    super(`User '${login}' was changed by somebody else at the same time. Try again.`);
    this.login = login;
  }
}

/** The login, a group or the password cannot be used. */
export class UserRefusedError extends Error {
  override readonly name = "UserRefusedError";
}

/** The current password is not the one that was given. */
export class WrongPasswordError extends Error {
  override readonly name = "WrongPasswordError";
  readonly login: string;

  constructor(login: string) {
    super(`The current password of user '${login}' is another one. Give the right one, or have an admin reset it.`);
    this.login = login;
  }
}

/** More passwords wait to be checked than the server has time for. */
export class TooManyLoginsError extends Error {
  override readonly name = "TooManyLoginsError";

  constructor() {
    super("Too many passwords wait to be checked. Try again in a moment.");
  }
}
