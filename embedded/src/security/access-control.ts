import type { EventStore } from "../streams/event-store.ts";
import { StoredDefaultAcls } from "./default-acls.ts";
import { type Action, mayDo, rightOn } from "./permission.ts";
import type { Principal } from "./principal.ts";

/** Decides by what the store says at the moment: each stream's ACL, and the settings that hold for all. */
export class AccessControl {
  readonly #store: EventStore;
  readonly #defaults: StoredDefaultAcls;

  constructor(store: EventStore) {
    this.#store = store;
    this.#defaults = new StoredDefaultAcls(store);
  }

  mayDo(principal: Principal, action: Action): boolean {
    // Everybody on a server without security: not a look at the store for each call.
    if (principal.kind === "system") return true;
    const wanted = action.kind === "stream" ? rightOn(action) : undefined;
    if (wanted === undefined) return mayDo(principal, action);
    return mayDo(principal, action, this.#store.metadataOf(wanted.stream).acl, this.#defaults.current());
  }
}
