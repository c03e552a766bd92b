import { randomUUID } from "node:crypto";
import type { NewEvent } from "./event.ts";

const NO_METADATA = new Uint8Array();

/** An event that holds nothing but JSON: how the transport keeps track of its work, and describes streams. */
export const jsonEvent = (type: string, json: string, id: string = randomUUID()): NewEvent => ({
  id,
  type,
  isJson: true,
  data: Buffer.from(json),
  metadata: NO_METADATA,
});
