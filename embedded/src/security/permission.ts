import { describedBy, type StreamAcl } from "../streams/stream-metadata.ts";
import { ADMINS, EVERYBODY, isNamed, OPERATORS, type Principal } from "./principal.ts";

/** What somebody wants to do with a stream. A metastream's events are read and written as metadata of the stream it describes. */
export interface StreamAction {
  readonly kind: "stream";
  readonly right: keyof StreamAcl;
  /** `$all` for the whole log. */
  readonly stream: string;
}

export type Action =
  | StreamAction
  /** Looking at the state of projections and of persistent subscriptions. */
  | { readonly kind: "inspect" }
  /** Changing projections and persistent subscriptions; running the server. */
  | { readonly kind: "operate" }
  /** Managing users. */
  | { readonly kind: "administer" }
  /** Seeing a user's details; changing a password by proving the old one. */
  | { readonly kind: "own-user"; readonly right: "see" | "change-password"; readonly login: string };

/** Rights that hold where a stream's own ACL says nothing; each that is absent here is built in. */
export interface DefaultAcls {
  readonly userStreams?: StreamAcl;
  /** Of streams whose name begins with `$`, `$all` among them. */
  readonly systemStreams?: StreamAcl;
}

export const NO_DEFAULT_ACLS: DefaultAcls = {};

/** A stream whose ACL decides, and the right in it that does. */
export interface RightOn {
  readonly stream: string;
  readonly right: keyof StreamAcl;
}

const ALL_STREAM = "$all";

/**
 * Where the right for an action is to be looked up; undefined for what nobody may do: write to `$all`, or delete
 * metadata, which has no effect anyway (corrections 1.8).
 */
export function rightOn({ right, stream }: StreamAction): RightOn | undefined {
  const described = describedBy(stream);
  if (described !== undefined) {
    if (right === "read") return { stream: described, right: "metaRead" };
    return right === "write" ? { stream: described, right: "metaWrite" } : undefined;
  }
  const isAll = stream === ALL_STREAM || stream === "";
  if (isAll && (right === "write" || right === "delete")) return undefined;
  return { stream: isAll ? ALL_STREAM : stream, right };
}

/**
 * Whether `principal` may do something. For an action on a stream `acl` is the stream's own, if it has one, and
 * `defaults` is what the server's settings say of all streams.
 */
export function mayDo(
  principal: Principal,
  action: Action,
  acl?: StreamAcl,
  defaults: DefaultAcls = NO_DEFAULT_ACLS,
): boolean {
  // Without security everything is as recorded, the odd names included.
  if (principal.kind === "system") return true;
  if (principal.kind === "anonymous") return false;
  const isAdmin = principal.groups.includes(ADMINS);
  switch (action.kind) {
    case "inspect":
      return true;
    case "operate":
      return isAdmin || principal.groups.includes(OPERATORS);
    case "administer":
      return isAdmin;
    case "own-user":
      return principal.login === action.login || (isAdmin && action.right === "see");
    case "stream": {
      const wanted = rightOn(action);
      if (wanted === undefined) return false;
      return isAdmin || isNamed(principal, namesFor(wanted, acl, defaults));
    }
  }
}

/** Who has a right: each right that an ACL leaves out falls through to the next one. */
function namesFor({ stream, right }: RightOn, acl: StreamAcl | undefined, defaults: DefaultAcls): readonly string[] {
  const isSystemStream = stream.startsWith("$");
  const byDefault = isSystemStream ? defaults.systemStreams : defaults.userStreams;
  return acl?.[right] ?? byDefault?.[right] ?? [isSystemStream ? ADMINS : EVERYBODY];
}
