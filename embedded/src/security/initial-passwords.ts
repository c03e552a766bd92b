import { serverVariable } from "./server-variable.ts";
import { DEFAULT_PASSWORD, type InitialPasswords } from "./users.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The passwords that the first users are made with: from the environment, or else the one that everybody knows. */
export function initialPasswordsFrom(environment: Environment): InitialPasswords {
  return { admin: passwordOf("ADMIN", environment), ops: passwordOf("OPS", environment) };
}

/** Holds for users that are made now, not for those that are there. */
function passwordOf(user: "ADMIN" | "OPS", environment: Environment): string {
  const variable = serverVariable(`DEFAULT_${user}_PASSWORD`, environment);
  return (variable && environment[variable]) ?? DEFAULT_PASSWORD;
}
