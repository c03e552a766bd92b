import type { StoredEvent } from "../../src/store/event.ts";
import type { Delivery } from "../../src/receive/delivery.ts";

/** A delivery that remembers how it was settled. */
export interface FakeDelivery extends Delivery {
  readonly settled: readonly string[];
  /** The connection is lost. */
  disconnect(): void;
}

export function fakeDelivery(given: {
  readonly id: string;
  readonly linkId?: string;
  readonly type?: string;
  readonly data?: unknown;
  readonly metadata?: unknown;
  readonly retryCount?: number;
  readonly at?: number;
  readonly dangling?: boolean;
}): FakeDelivery {
  const { id, linkId = `link of ${id}`, type = "T", data = {}, metadata = {}, retryCount = 0, at = 0 } = given;
  const event: StoredEvent = {
    stream: "intermediate.C",
    id,
    isJson: true,
    revision: 0n,
    position: undefined,
    type,
    created: new Date(0),
    data: Buffer.from(typeof data === "string" ? data : JSON.stringify(data)),
    metadata: Buffer.from(JSON.stringify(metadata)),
  };
  const settled: string[] = [];
  let live = true;
  let over = false;
  const settle = (how: string): boolean => {
    if (over) return false;
    over = true;
    if (live) settled.push(how);
    return live;
  };
  return {
    place: "0@intermediate.C",
    event: given.dangling ? undefined : event,
    linkId,
    retryCount,
    at,
    isLive: () => live,
    queuedAt: undefined,
    isWanted: () => true,
    ack: () => settle("ack"),
    park: (reason) => settle(`park ${reason}`),
    giveBack: () => settle("give back"),
    drop: () => void (over = true),
    settled,
    disconnect: () => void (live = false),
  };
}
