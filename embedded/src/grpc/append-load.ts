import type { NewRecord } from "../log/record.ts";

export interface AppendLoadLimits {
  readonly bytes: number;
  readonly appends: number;
}

const LIMITS: AppendLoadLimits = { bytes: 256 * 1024 * 1024, appends: 20_000 };

/** Bytes of data that one append may carry, unless told otherwise; metadata does not count (golden streams/maximum-append-size-and-metadata). */
const MAX_APPEND_SIZE = 1024 * 1024;

/**
 * What all appends that are not yet on disk hold in memory, whoever sent them: from their first event until the disk
 * has answered, which may be long after the client has.
 */
export class AppendLoad {
  /** Bytes of data that one append may carry. */
  readonly maxAppendSize: number;
  readonly #limits: AppendLoadLimits;
  readonly #waiting = new Set<() => void>();
  #bytes = 0;
  #appends = 0;

  constructor(limits: AppendLoadLimits = LIMITS, maxAppendSize = MAX_APPEND_SIZE) {
    this.#limits = limits;
    this.maxAppendSize = maxAppendSize;
  }

  /** No more appends. */
  get isFull(): boolean {
    return this.isHeavy || this.#appends >= this.#limits.appends;
  }

  /** No more events, not even of an append that has begun. */
  get isHeavy(): boolean {
    return this.#bytes >= this.#limits.bytes;
  }

  begin(): void {
    this.#appends++;
  }

  hold(bytes: number): void {
    this.#bytes += bytes;
  }

  /** An append is over, and lets go of all that it held. */
  end(bytes: number): void {
    this.#appends--;
    this.#bytes -= bytes;
    if (this.isFull || this.#waiting.size === 0) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const listener of waiting) listener();
  }

  /** Calls `listener` once when there is room again; the same one only once however often it asks. */
  whenRoom(listener: () => void): void {
    this.#waiting.add(listener);
  }

  forget(listener: () => void): void {
    this.#waiting.delete(listener);
  }
}

/** The objects around an event. */
const EVENT_WEIGHT = 256;
/** A message up to this size is not held for much longer than what it carries. */
const LARGE_MESSAGE = 128 * 1024;

/** Bytes that events of one message keep in memory: their own, or all of a large message that they are views of. */
export function weightOf(events: readonly NewRecord[]): number {
  let weight = 0;
  let largest = 0;
  for (const { type, data, metadata } of events) {
    weight += EVENT_WEIGHT + type.length + data.length + metadata.length;
    if (data.length > 0) largest = Math.max(largest, data.buffer.byteLength);
    if (metadata.length > 0) largest = Math.max(largest, metadata.buffer.byteLength);
  }
  return largest > LARGE_MESSAGE ? Math.max(weight, largest) : weight;
}
