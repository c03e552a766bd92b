import { type Metadata, status } from "@grpc/grpc-js";
import type { AccessControl } from "../security/access-control.ts";
import type { Action } from "../security/permission.ts";
import { ADMINS, type Principal, SYSTEM } from "../security/principal.ts";
import { CallFailure } from "./errors.ts";

/** Any call, known by the metadata that came with it. */
export interface Call {
  readonly metadata: Metadata;
}

/** What every service asks before it does anything: on whose behalf a call is made, and whether they may. */
export interface Access {
  callerOf(call: Call): Principal;
  mayDo(call: Call, action: Action): boolean;
  /** Throws the failure that says "Access Denied" unless the caller may do it. */
  require(call: Call, action: Action): void;
  /**
   * Whether the caller may see the event that a link leads to, by the event's stream; undefined for callers who see
   * all. EventStoreDB 23.10 does not ask, so whoever may write a link there may read anything.
   */
  linkRule(call: Call): ((stream: string) => boolean) | undefined;
}

/** The access of everybody on a server without security. */
export const OPEN_ACCESS: Access = {
  callerOf: () => SYSTEM,
  mayDo: () => true,
  require: () => {},
  linkRule: () => undefined,
};

/** Access by `control`; `callerOf` knows who has proved what when the call came in. */
export function controlledAccess(control: AccessControl, callerOf: (call: Call) => Principal): Access {
  const mayDo = (call: Call, action: Action): boolean => control.mayDo(callerOf(call), action);
  return {
    callerOf,
    mayDo,
    require(call, action) {
      if (!mayDo(call, action)) throw accessDenied();
    },
    linkRule(call) {
      const caller = callerOf(call);
      if (caller.kind === "system" || (caller.kind === "user" && caller.groups.includes(ADMINS))) return undefined;
      return (stream) => control.mayDo(caller, { kind: "stream", right: "read", stream });
    },
  };
}

/** Who it is may not do it (spec 1.5). */
export function accessDenied(): CallFailure {
  return new CallFailure(status.PERMISSION_DENIED, "Access Denied", { exception: "access-denied" });
}
