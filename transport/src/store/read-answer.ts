import type { ResolvedEvent, StoredEvent } from "./event.ts";
import { WireReader } from "./wire-reader.ts";
import { uuidIn } from "./wire-uuid.ts";

/**
 * What a server says to whoever reads, follows a stream or consumes a group (`ReadResp` of either service), read out of protobuf. By
 * hand: of all that a process does for a message the generated classes take a sixth for this.
 */
export interface ReadAnswer {
  /** It goes on: the subscription is there now, or the consumer takes part in the group. */
  readonly isConfirmation: boolean;
  readonly event: ReadEvent | undefined;
}

export interface ReadEvent extends ResolvedEvent {
  /** Times that a group has handed it out before. */
  readonly retryCount: number;
}

const NO_BYTES: Uint8Array = new Uint8Array();
/** The server counts time in units of 100 ns since the Unix epoch: four digits behind a millisecond. */
const DIGITS_BELOW_MILLISECOND = 4;
/** What the server says where it does not know the place in the log: the largest unsigned number. */
const NO_POSITION = 2n ** 64n - 1n;

/** @throws RangeError where the message is cut short. */
export function readAnswer(message: Buffer): ReadAnswer {
  // In memory of its own: what Node's pool has beside it is not to go along where a body is cloned into another thread.
  const reader = new WireReader(Buffer.from(new Uint8Array(message).buffer));
  let isConfirmation = false;
  let event: ReadEvent | undefined;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) event = readEventIn(reader.message());
    else {
      isConfirmation ||= field === 2;
      reader.skip();
    }
  }
  return { isConfirmation, event };
}

function readEventIn(reader: WireReader): ReadEvent {
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
    if (field === 1) id = uuidIn(reader.message());
    else if (field === 2) stream = streamNameIn(reader.message());
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
    position: position === NO_POSITION ? undefined : position,
    created: new Date(Number(created.slice(0, -DIGITS_BELOW_MILLISECOND))),
  };
}

function streamNameIn(reader: WireReader): string {
  let name = "";
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 3) name = reader.text();
    else reader.skip();
  }
  return name;
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
