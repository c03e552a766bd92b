import type { ResolvedEvent, StoredEvent } from "./event.ts";
import { createdOf, positionOf } from "./stored-event.ts";
import { WireReader } from "./wire-reader.ts";

/**
 * What a server says to a consumer of a group (`ReadResp`), read out of protobuf. By hand: of all that a process does for a message
 * the generated classes take a sixth for this.
 */
export interface DeliveryAnswer {
  /** The consumer takes part in the group now. */
  readonly isConfirmation: boolean;
  readonly handedOut: WireHandedOut | undefined;
}

export interface WireHandedOut extends ResolvedEvent {
  /** Times the server has handed it out before. */
  readonly retryCount: number;
}

const NO_BYTES: Uint8Array = new Uint8Array();

/** @throws RangeError where the message is cut short. */
export function deliveryAnswer(message: Buffer): DeliveryAnswer {
  // In memory of its own: what Node's pool has beside it is not to go along where a body is cloned into another thread.
  const reader = new WireReader(Buffer.from(new Uint8Array(message).buffer));
  let isConfirmation = false;
  let handedOut: WireHandedOut | undefined;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) handedOut = handedOutIn(reader.message());
    else {
      isConfirmation ||= field === 2;
      reader.skip();
    }
  }
  return { isConfirmation, handedOut };
}

function handedOutIn(reader: WireReader): WireHandedOut {
  let event: StoredEvent | undefined;
  let link: StoredEvent | undefined;
  let retryCount = 0;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) event = storedEventIn(reader.message());
    else if (field === 2) link = storedEventIn(reader.message());
    else if (field === 5) retryCount = Number(reader.uint());
    else reader.skip();
  }
  return { event, link, retryCount };
}

function storedEventIn(reader: WireReader): StoredEvent {
  let [id, stream, type, created] = ["", "", "", ""];
  let isJson = false;
  let [revision, position] = [0n, 0n];
  let [metadata, data] = [NO_BYTES, NO_BYTES];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) id = textOf(reader.message(), 2);
    else if (field === 2) stream = textOf(reader.message(), 3);
    else if (field === 3) revision = reader.uint();
    else if (field === 5) position = reader.uint();
    else if (field === 6) {
      const [key, value] = entryIn(reader.message());
      if (key === "type") type = value;
      else if (key === "content-type") isJson = value === "application/json";
      else if (key === "created") created = value;
    } else if (field === 7) metadata = reader.bytes();
    else if (field === 8) data = reader.bytes();
    else reader.skip();
  }
  return {
    id,
    type,
    isJson,
    data,
    metadata,
    stream,
    revision,
    position: positionOf(position),
    created: createdOf(created),
  };
}

/** The one field of a message that is wanted. */
function textOf(reader: WireReader, wanted: number): string {
  let text = "";
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === wanted) text = reader.text();
    else reader.skip();
  }
  return text;
}

function entryIn(reader: WireReader): readonly [key: string, value: string] {
  let [key, value] = ["", ""];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) key = reader.text();
    else if (field === 2) value = reader.text();
    else reader.skip();
  }
  return [key, value];
}
