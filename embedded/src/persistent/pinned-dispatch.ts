import type { Consumer } from "./consumer.ts";
import type { Dispatch } from "./dispatch.ts";
import { Lane } from "./lane.ts";
import type { Message } from "./message.ts";
import { BUCKETS, bucketOf, type PinningKey } from "./pinning.ts";
import { ReadyLine } from "./ready-line.ts";

const bySequence = (a: Message, b: Message): number => a.sequence - b.sequence;

/**
 * A lane of messages for each consumer. A key's bucket sticks to a consumer; while that one is full its messages wait
 * and others pass them (spec 2.3). Lanes are only gone through when somebody comes or leaves.
 */
export class PinnedDispatch implements Dispatch {
  readonly #keyOf: PinningKey;
  readonly #owners: (Consumer | undefined)[] = Array.from({ length: BUCKETS }, () => undefined);
  readonly #lanes = new Map<Consumer, Lane>();
  readonly #ownerless = new Lane();
  /** Consumers that have room and whose lane may hold something. */
  readonly #line = new ReadyLine();
  #fresh = 0;
  #retrying = 0;

  constructor(keyOf: PinningKey) {
    this.#keyOf = keyOf;
  }

  get fresh(): number {
    return this.#fresh;
  }

  get retrying(): number {
    return this.#retrying;
  }

  add(message: Message): void {
    this.#fresh++;
    this.#lay(message, false);
  }

  addRetry(message: Message): void {
    this.#retrying++;
    this.#lay(message, true);
  }

  take(): Message | undefined {
    for (;;) {
      const consumer = this.#line.first();
      if (consumer === undefined) return undefined;
      const lane = this.#lanes.get(consumer);
      const isRetry = lane !== undefined && lane.retrying > 0;
      const message = lane?.take();
      if (message === undefined) {
        this.#line.dismiss();
        continue;
      }
      if (isRetry) this.#retrying--;
      else this.#fresh--;
      message.owner = consumer;
      this.#line.rotate();
      return message;
    }
  }

  join(consumer: Consumer): void {
    this.#lanes.set(consumer, new Lane());
    // The newcomer takes from those that have more than their share (golden `persistent-strategies/pinned-leave-and-join`).
    const share = this.#share();
    this.#owners.forEach((owner, bucket) => {
      if (owner !== undefined && owner.buckets > share && consumer.buckets < share) this.#assign(bucket, consumer);
    });
    this.#layAnew(this.#ownerless, ...this.#lanes.values());
  }

  leave(consumer: Consumer): void {
    const lane = this.#lanes.get(consumer);
    this.#lanes.delete(consumer);
    this.#line.remove(consumer);
    this.#owners.forEach((owner, bucket) => {
      if (owner === consumer) this.#owners[bucket] = undefined;
    });
    consumer.buckets = 0;
    if (lane !== undefined) this.#layAnew(lane, ...this.#lanes.values());
  }

  freed(consumer: Consumer): void {
    if (this.#lanes.get(consumer)?.isEmpty === false) this.#line.add(consumer);
  }

  /** Puts a message into the lane of its bucket's owner. */
  #lay(message: Message, isRetry: boolean): void {
    const bucket = bucketOf(this.#keyOf(message));
    const owner = this.#owners[bucket] ?? this.#adopt(bucket);
    const lane = (owner && this.#lanes.get(owner)) ?? this.#ownerless;
    if (isRetry) lane.addRetry(message);
    else lane.add(message);
    if (owner !== undefined) this.#line.add(owner);
  }

  /** Deals out what lies in these lanes again, in order. */
  #layAnew(...lanes: readonly Lane[]): void {
    const retries: Message[] = [];
    const fresh: Message[] = [];
    for (const lane of lanes) lane.moveTo(retries, fresh);
    for (const message of retries.sort(bySequence)) this.#lay(message, true);
    for (const message of fresh.sort(bySequence)) this.#lay(message, false);
  }

  /** A bucket nobody owns goes to the consumer with the fewest (golden `persistent-strategies/pinned-unresolved-links`). */
  #adopt(bucket: number): Consumer | undefined {
    let fewest: Consumer | undefined;
    for (const consumer of this.#lanes.keys()) {
      if (fewest === undefined || consumer.buckets < fewest.buckets) fewest = consumer;
    }
    if (fewest !== undefined) this.#assign(bucket, fewest);
    return fewest;
  }

  #assign(bucket: number, consumer: Consumer): void {
    const before = this.#owners[bucket];
    if (before !== undefined) before.buckets--;
    this.#owners[bucket] = consumer;
    consumer.buckets++;
  }

  /** How many of the buckets in use are each consumer's part. */
  #share(): number {
    const owned = [...this.#lanes.keys()].reduce((sum, consumer) => sum + consumer.buckets, 0);
    return Math.ceil(owned / this.#lanes.size);
  }
}
