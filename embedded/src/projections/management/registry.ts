import { type LogRecord, NO_DATA } from "../../log/record.ts";
import type { EventStore } from "../../streams/event-store.ts";
import { recordText } from "../record-text.ts";
import { streamNames } from "../stream-names.ts";
import { formatDocument, parseDocument, type ProjectionDocument } from "./document.ts";

const REGISTRATIONS = "$projections-$all";
const INITIALIZED = "$ProjectionsInitialized";
const CREATED = "$ProjectionCreated";
const DELETED = "$ProjectionDeleted";
const UPDATED = "$ProjectionUpdated";
const PAGE = 500;

export interface Registered {
  readonly name: string;
  readonly id: number;
}

/** Which projections there are, and what each of them is, as kept in streams of the store (spec 3.4). */
export class Registry {
  readonly #store: EventStore;
  readonly #newId: () => string;

  constructor(store: EventStore, newId: () => string) {
    this.#store = store;
    this.#newId = newId;
  }

  /** Makes the registrations of a new store. False where there are some already. */
  async initialize(): Promise<boolean> {
    if (this.#store.lastRevision(REGISTRATIONS) >= 0) return false;
    await this.#append(REGISTRATIONS, INITIALIZED, "", false);
    return true;
  }

  /** All that were registered and not deleted, in the order of their registration. */
  registered(): readonly Registered[] {
    const found = new Map<string, number>();
    for (let from = 0; ;) {
      const page = this.#store.readStream({ stream: REGISTRATIONS, from, direction: "forwards", maxCount: PAGE });
      if (page.outcome !== "read") break;
      for (const record of page.records) {
        if (record.type === CREATED) found.set(recordText(record.data), record.revision);
        else if (record.type === DELETED) found.delete(recordText(record.data));
      }
      if (page.isEnd) break;
      from = page.next;
    }
    return [...found].map(([name, id]) => ({ name, id }));
  }

  /** Answers the id of the new projection. */
  register(name: string): Promise<number> {
    return this.#append(REGISTRATIONS, CREATED, name, false);
  }

  async unregister(name: string): Promise<void> {
    await this.#append(REGISTRATIONS, DELETED, name, false);
  }

  /** The version that the next document of a projection must have. */
  nextVersion(name: string): number {
    return this.#store.lastRevision(streamNames(name).definition) + 1;
  }

  /**
   * The last one written. Others may keep something in the same stream: the registrations in that of a projection `$all`,
   * checkpoints of `a` in that of `a-checkpoint`, where they hide all but themselves.
   */
  document(name: string): ProjectionDocument | undefined {
    const stream = streamNames(name).definition;
    const last = this.#store.readStream({ stream, from: "end", direction: "backwards", maxCount: 1 });
    if (last.outcome !== "read") return undefined;
    let record = last.records.find(isDocument);
    for (let from: number | "end" = "end"; record === undefined;) {
      const page = this.#store.readStream({
        stream,
        from,
        direction: "backwards",
        maxCount: PAGE,
        ignoreTruncation: true,
      });
      if (page.outcome !== "read") return undefined;
      record = page.records.find(isDocument);
      if (record === undefined && page.isEnd) return undefined;
      from = page.next;
    }
    return parseDocument(record.data);
  }

  async write(name: string, document: ProjectionDocument): Promise<void> {
    await this.#append(streamNames(name).definition, UPDATED, formatDocument(document), true);
  }

  async #append(stream: string, type: string, data: string, isJson: boolean): Promise<number> {
    const event = { id: this.#newId(), type, isJson, data: Buffer.from(data), metadata: NO_DATA };
    const result = await this.#store.append(stream, "any", [event]);
    if (result.outcome === "appended") return result.revision;
    throw new Error(`The stream ${stream}, which keeps the projections, cannot be written: ${result.outcome}.`);
  }
}

const isDocument = ({ type }: LogRecord) => type === UPDATED;
