import { type LogRecord, NO_DATA } from "../../src/log/record.ts";
import { Consumer } from "../../src/persistent/consumer.ts";
import { Group } from "../../src/persistent/group.ts";
import type { GroupSettings } from "../../src/persistent/group-settings.ts";
import type { Message } from "../../src/persistent/message.ts";

export const SETTINGS: GroupSettings = {
  resolveLinks: false,
  extraStatistics: false,
  messageTimeout: 30_000,
  maxRetryCount: 10,
  checkpointAfter: 2000,
  minCheckpointCount: 10,
  maxCheckpointCount: 1000,
  maxSubscriberCount: 0,
  liveBufferSize: 500,
  readBatchSize: 20,
  historyBufferSize: 500,
  consumerStrategy: "RoundRobin",
};

export const record = (revision: number, changes: Partial<LogRecord> = {}): LogRecord => ({
  id: `id-${revision}`,
  type: "Step",
  isJson: true,
  data: NO_DATA,
  metadata: NO_DATA,
  stream: "s",
  revision,
  position: revision,
  created: 0,
  ...changes,
});

/** A link in the stream "links" to an event of `stream`, which keys the pinned strategies. */
export const linkTo = (stream: string, revision: number): LogRecord =>
  record(revision, { stream: "links", type: "$>", data: Buffer.from(`${revision}@${stream}`) });

/** One delivery, as it was: messages go on changing. */
export interface Delivery {
  readonly message: Message;
  readonly revision: number;
  readonly retryCount: number;
}

/** A consumer whose deliveries are kept. `takes` false makes its connection full after each delivery. */
export class SimulatedConsumer {
  readonly consumer: Consumer;
  readonly got: Delivery[] = [];
  takes = true;

  constructor(slots: number, delivered: (message: Message) => void = () => {}) {
    const identity = { connectionName: "", username: "", from: "" };
    const deliver = (message: Message): boolean => {
      this.got.push({ message, revision: message.original.revision, retryCount: message.retryCount });
      delivered(message);
      return this.takes;
    };
    this.consumer = new Consumer(identity, slots, { deliver }, 0);
  }

  /** Revisions in the order of delivery, with the retry count where there is one. */
  get revisions(): string[] {
    return this.got.map(({ revision, retryCount }) =>
      retryCount === 0 ? `${revision}` : `${revision} retry ${retryCount}`,
    );
  }
}

/** A group in a world that does what it asks for only when told to. */
export class SimulatedGroup {
  readonly group: Group;
  readonly checkpoints: number[] = [];
  readonly parking: { readonly message: Message; readonly reason: string }[] = [];
  now = 0;
  #revision = 0;

  constructor(settings: Partial<GroupSettings> = {}) {
    this.group = new Group(
      { ...SETTINGS, ...settings },
      {
        park: (message, reason) => this.parking.push({ message, reason }),
        checkpoint: (at) => this.checkpoints.push(at),
      },
      this.now,
    );
  }

  /** Reads the next records of the stream, made by `make`. */
  read(count: number, make: (revision: number) => LogRecord = record): void {
    for (let i = 0; i < count; i++) {
      const next = make(this.#revision);
      this.group.read({ event: next, link: undefined }, next, this.#revision++);
    }
    this.pump();
  }

  passOver(count: number): void {
    for (let i = 0; i < count; i++) this.group.passOver(this.#revision++, 1, this.now);
  }

  join(slots: number): SimulatedConsumer {
    const one = new SimulatedConsumer(slots);
    this.group.join(one.consumer);
    this.pump();
    return one;
  }

  leave(one: SimulatedConsumer): void {
    this.group.leave(one.consumer);
    this.pump();
  }

  ack(...revisions: readonly number[]): void {
    this.group.ack(
      revisions.map((revision) => `id-${revision}`),
      this.now,
    );
    this.pump();
  }

  nack(action: "park" | "retry" | "skip" | "stop" | "unknown", ...revisions: readonly number[]): void {
    this.group.nack(
      revisions.map((revision) => `id-${revision}`),
      action,
      "why",
      this.now,
    );
    this.pump();
  }

  /** Lets time pass, and the group look. */
  pass(milliseconds: number): void {
    this.now += milliseconds;
    this.group.tick(this.now);
    this.pump();
  }

  /** Ends the oldest parking. */
  parkingEnds(stored: boolean): void {
    const { message } = this.parking.shift()!;
    if (stored) this.group.parked(message, this.now);
    else this.group.parkFailed(message);
    this.pump();
  }

  pump(): void {
    this.group.pump(this.now);
  }
}
