import type { AccessOptions } from "@sluice/transport/deploy";
import type { Options, Values } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** Options of commands that give rights on streams, or say which they would give. */
export const ACL_OPTIONS = {
  acl: { type: "boolean", about: "gives each component's login rights on its own streams only" },
  login: {
    type: "string",
    multiple: true,
    value: "COMPONENT=LOGIN",
    about: "with --acl: the login that it runs under; default: its name; may be repeated",
  },
  members: {
    type: "string",
    value: "GROUP",
    about: "with --acl: the group of all these logins, who read what others of it send; default: every login",
  },
  reader: {
    type: "string",
    multiple: true,
    value: "NAME",
    about: "with --acl: a login or group that may look at everything; may be repeated",
  },
  "close-server": {
    type: "boolean",
    about: "with --acl and --members: streams without rights of their own, others' too, are the members' alone",
  },
} as const satisfies Options;

/**
 * Whose the streams of components are to be; undefined where nothing is said.
 * @param components names of all that are declared, those that a command leaves out among them.
 * @throws UsageError
 */
export function accessGiven(
  values: Values<typeof ACL_OPTIONS>,
  components: readonly string[],
): AccessOptions | undefined {
  const { acl, login, members, reader, "close-server": closesServer } = values;
  if (!acl) {
    const [first] = [
      ...(login.length > 0 ? ["--login"] : []),
      ...(members === undefined ? [] : ["--members"]),
      ...(reader.length > 0 ? ["--reader"] : []),
      ...(closesServer ? ["--close-server"] : []),
    ];
    if (first !== undefined) throw new UsageError(`${first} is about rights on streams: say --acl, too.`);
    return undefined;
  }
  if (closesServer && members === undefined) {
    throw new UsageError("--close-server leaves the server to the members of a group: say --members GROUP.");
  }
  const named = login.map((text) => loginIn(text, components));
  // Every component is named, so that each knows of the others.
  const logins = Object.fromEntries([...components.map((name) => [name, name] as const), ...named]);
  return { logins, readers: reader, closesServer, ...(members === undefined ? {} : { members }) };
}

function loginIn(text: string, components: readonly string[]): readonly [component: string, login: string] {
  const [, component = "", login = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (component === "" || login === "") {
    throw new UsageError(`--login takes COMPONENT=LOGIN, such as billing=billing-svc, not "${text}".`);
  }
  if (!components.includes(component)) {
    throw new UsageError(`--login names no component: "${component}". There are: ${components.join(", ")}.`);
  }
  return [component, login];
}
