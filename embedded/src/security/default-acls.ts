import type { EventStore } from "../streams/event-store.ts";
import { metadataDocument, parseStreamAcl } from "../streams/stream-metadata.ts";
import { type DefaultAcls, NO_DEFAULT_ACLS } from "./permission.ts";

/** Its last event is a JSON object with `$userStreamAcl` and `$systemStreamAcl`, each in the form of a stream's `$acl`. */
const SETTINGS_STREAM = "$settings";

/** The default ACLs that an admin has set, read again whenever they change. */
export class StoredDefaultAcls {
  readonly #store: EventStore;
  #revision = -1;
  #acls = NO_DEFAULT_ACLS;

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** What holds now. Settings that cannot be understood open nothing: what is built in holds then. */
  current(): DefaultAcls {
    const revision = this.#store.lastRevision(SETTINGS_STREAM);
    if (revision !== this.#revision) {
      this.#acls = this.#read();
      this.#revision = revision;
    }
    return this.#acls;
  }

  #read(): DefaultAcls {
    const page = this.#store.readStream({
      stream: SETTINGS_STREAM,
      from: "end",
      direction: "backwards",
      maxCount: 1,
    });
    const record = page.outcome === "read" ? page.records[0] : undefined;
    const document = record && metadataDocument(record);
    const userStreams = parseStreamAcl(document?.["$userStreamAcl"]);
    const systemStreams = parseStreamAcl(document?.["$systemStreamAcl"]);
    return { ...(userStreams && { userStreams }), ...(systemStreams && { systemStreams }) };
  }
}
