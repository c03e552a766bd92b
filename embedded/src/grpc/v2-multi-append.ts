import type { EventStore } from "../streams/event-store.ts";
import type { Belief } from "../streams/multi-append-rule.ts";
import type { MultiAppendResult, RoutedRecord } from "../streams/results.ts";
import type { Access, Call } from "./access.ts";
import { type AppendLoad, weightOf } from "./append-load.ts";
import { tooBusy } from "./collected-append.ts";
import type { OpenCalls } from "./open-calls.ts";
import { nothingToAppend, transactionTooLarge } from "./v2-errors.ts";
import { routedRecordOf } from "./v2-record.ts";
import type { Decoded } from "./wire/message.ts";
import type { appendRecord } from "./wire/v2-streams.ts";

/** Bytes of data and metadata that one append may carry to all its streams; each record has the limit of an append. */
const MAX_TRANSACTION_SIZE = 16 * 1024 * 1024;

export interface V2StreamsOptions {
  readonly store: EventStore;
  readonly openCalls: OpenCalls;
  readonly access: Access;
  readonly load: AppendLoad;
  /** Ids for records that come without one. */
  readonly newId: () => string;
}

/** Events on their way to several streams. */
export class MultiAppend {
  readonly beliefs: Belief[] = [];
  /** Bytes that it keeps in memory. */
  weight = 0;
  readonly #options: V2StreamsOptions;
  readonly #call: Call;
  readonly #events: RoutedRecord[] = [];
  readonly #streams = new Set<string>();
  #size = 0;

  constructor(options: V2StreamsOptions, call: Call) {
    this.#options = options;
    this.#call = call;
  }

  writesTo(stream: string): boolean {
    return this.#streams.has(stream);
  }

  /** Throws a `CallFailure` for a record that cannot be stored, or not here, or no more. */
  add(record: Decoded<typeof appendRecord>, stream: string): void {
    const { access, load, newId } = this.#options;
    if (load.isHeavy) throw tooBusy();
    if (!this.#streams.has(stream)) access.require(this.#call, { kind: "stream", right: "write", stream });
    const routed = routedRecordOf(record, stream, newId, load.maxAppendSize);
    const { data, metadata } = routed.event;
    this.#size += data.length + metadata.length;
    if (this.#size > MAX_TRANSACTION_SIZE) throw transactionTooLarge(this.#size, MAX_TRANSACTION_SIZE);
    const weight = weightOf([routed.event]);
    this.weight += weight;
    load.hold(weight);
    this.#streams.add(stream);
    this.#events.push(routed);
  }

  async write(): Promise<MultiAppendResult> {
    if (this.#events.length === 0) throw nothingToAppend();
    return this.#options.store.appendToSeveral(this.#events, this.beliefs);
  }
}
