import type { StoredEvent } from "../../src/store/event.ts";
import type { Delivery } from "../../src/receive/delivery.ts";

/** A delivery that remembers how it was settled. */
export interface FakeDelivery extends Delivery {
  readonly settled: readonly string[];
  drop(): void;
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
  return {
    event: given.dangling ? undefined : event,
    linkId,
    retryCount,
    at,
    isLive: () => live,
    ack: () => void (live && settled.push("ack")),
    park: (reason) => void (live && settled.push(`park ${reason}`)),
    giveBack: () => void (live && settled.push("give back")),
    settled,
    drop: () => void (live = false),
  };
}
