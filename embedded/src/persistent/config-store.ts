import { NO_DATA } from "../log/record.ts";
import type { EventStore } from "../streams/event-store.ts";
import { CONFIG_STREAM } from "./bookkeeping-streams.ts";
import { decodeConfig, encodeConfig } from "./config-document.ts";
import type { Environment } from "./environment.ts";
import { ConfigNotStoredError } from "./errors.ts";
import type { GroupConfig } from "./group-config.ts";

const TYPE = "$PersistentConfig";
/** Versions that stay readable (golden `persistent/config-stream`). */
const VERSIONS = 2;

/** Where all groups are stored: each change writes all of them anew. */
export class ConfigStore {
  readonly #store: EventStore;
  readonly #environment: Environment;

  constructor(store: EventStore, environment: Environment) {
    this.#store = store;
    this.#environment = environment;
  }

  /** The groups of the last version that can be understood: anybody may write to the stream, and nobody shall thereby remove all groups. */
  load(): readonly GroupConfig[] {
    const page = this.#store.readStream({
      stream: CONFIG_STREAM,
      from: "end",
      direction: "backwards",
      maxCount: VERSIONS,
    });
    const versions = page.outcome === "read" ? page.records : [];
    return versions.map(({ data }) => decodeConfig(data)).find((groups) => groups !== undefined) ?? [];
  }

  /** Throws a {@link ConfigNotStoredError}; the groups that were stored before stay the valid ones. */
  async save(groups: Iterable<GroupConfig>): Promise<void> {
    if (this.#store.metadataOf(CONFIG_STREAM).maxCount !== VERSIONS) {
      await this.#append(`$$${CONFIG_STREAM}`, "$metadata", Buffer.from(JSON.stringify({ $maxCount: VERSIONS })));
    }
    await this.#append(CONFIG_STREAM, TYPE, encodeConfig(groups, this.#environment.now(), "system"));
  }

  async #append(stream: string, type: string, data: Uint8Array): Promise<void> {
    const event = { id: this.#environment.newId(), type, isJson: true, data, metadata: NO_DATA };
    const { outcome } = await this.#store.append(stream, "any", [event]);
    if (outcome !== "appended") throw new ConfigNotStoredError(stream, outcome);
  }
}
