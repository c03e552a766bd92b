import { Measurements } from "./measurements.ts";
import { Throughput } from "./throughput.ts";
import type { ResolvedRecord } from "../streams/results.ts";

/** Who is at the other end of a consumer's connection, as an info tells it. */
export interface ConsumerIdentity {
  readonly connectionName: string;
  readonly username: string;
  /** Address of the peer; the real server leaves it empty for gRPC (golden `persistent/ack`). */
  readonly from: string;
}

/** What goes out of a message. */
export interface Delivery {
  /** What an ack calls it. */
  readonly id: string;
  readonly resolved: ResolvedRecord;
  /** How often it was handed out before. */
  readonly retryCount: number;
}

/** Where a consumer's messages go. */
export interface DeliveryTarget {
  /** Sends a message on its way. False when no more should come before {@link Group.drained} is told. */
  deliver(message: Delivery): boolean;
}

/** A consumer as its group sees it: how much it may hold, how much it holds. */
export class Consumer {
  readonly identity: ConsumerIdentity;
  readonly target: DeliveryTarget;
  /** How many messages it may hold unsettled. */
  readonly slots: number;
  readonly throughput: Throughput;
  readonly measurements = new Measurements();
  inFlight = 0;
  /** The connection is full: nothing is pushed until it has drained. */
  congested = false;
  /** It stands in a {@link ReadyLine}. */
  lined = false;
  /** Buckets that are its own under the pinned strategies. */
  buckets = 0;

  constructor(identity: ConsumerIdentity, slots: number, target: DeliveryTarget, now: number) {
    this.identity = identity;
    this.slots = slots;
    this.target = target;
    this.throughput = new Throughput(now);
  }

  get canTake(): boolean {
    return this.inFlight < this.slots && !this.congested;
  }
}
