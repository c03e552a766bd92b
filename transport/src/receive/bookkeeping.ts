import { randomUUID } from "node:crypto";
import type { NewEvent } from "../store/event.ts";

const NOTHING = new Uint8Array();

/** An event by which the instances of a component keep track of their work. */
export const noteOf = (type: string, body: object, id: string = randomUUID()): NewEvent => ({
  id,
  type,
  isJson: true,
  data: Buffer.from(JSON.stringify(body)),
  metadata: NOTHING,
});
