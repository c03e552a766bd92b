import { randomUUID } from "node:crypto";
import { type EventData, jsonEvent } from "@eventstore/db-client";
import type { NewRecord } from "../src/log/record.ts";

/** The event that everything here is measured with: a body of 200 bytes and the headers that a message carries. */
export const EVENT_TYPE = "sales.OrderPlaced";

const data = {
  orderId: "5f3b9c1e-7a54-4c0e-9b1d-2f6a8e4c7d10",
  customer: "customer-20417",
  currency: "EUR",
  total: 129.95,
  lines: [
    { product: "chair-oak", quantity: 1, price: 79.95 },
    { product: "lamp-desk", quantity: 2, price: 25 },
  ],
};
const metadata = {
  $correlationId: "0d5fbb5c-6a3e-4f7e-8f0c-5b8a3a2f9c11",
  $causationId: "f2a1e8c4-93b7-4d65-a0f8-1c6e7d9b4a22",
  source: "sales",
  intent: "Publish",
  sentAt: "2026-01-01T00:00:00.000Z",
};

export const DATA: Uint8Array = Buffer.from(JSON.stringify(data));
export const METADATA: Uint8Array = Buffer.from(JSON.stringify(metadata));

/** Bytes that one of them takes in the log, its stream's name of about 20 letters included. */
export const RECORD_BYTES = 45 + 20 + EVENT_TYPE.length + DATA.length + METADATA.length;
/** Bytes that a link to one of them takes, with the metadata that a projection gives it. */
export const LINK_BYTES = 45 + 20 + 2 + 30 + 60;

/** One as a client appends it. */
export const eventData = (): EventData => jsonEvent({ type: EVENT_TYPE, data, metadata });

/** One as the log takes it. */
export const newRecord = (): NewRecord => ({
  id: randomUUID(),
  type: EVENT_TYPE,
  isJson: true,
  data: DATA,
  metadata: METADATA,
});

/** The stream that holds so many events from the start. */
export const prepared = (events: number): string => `prepared-${events}`;

/** How many events a stream of {@link prepared} holds; 0 for any other. */
export const preparedIn = (stream: string): number => Number(/^prepared-(\d+)$/.exec(stream)?.[1] ?? 0);
