import { field, oneof } from "./field.ts";
import { empty, message, messageOf, type Message } from "./message.ts";
import { bytes, int32, int64, revision, string, uint32, uint64 } from "./scalars.ts";

const STREAM_NAME_TAG = (3 << 3) | 2;

/** `StreamIdentifier`, read as the stream's name; "" where it has none. The name is bytes on the wire, in field 3. */
export const streamIdentifier: Message<string> = messageOf<string>(
  (reader) => {
    let name = "";
    while (reader.position < reader.end) {
      const tag = reader.size();
      if (tag === STREAM_NAME_TAG) name = reader.string();
      else reader.skip(tag & 7);
    }
    return name;
  },
  (writer, name) => {
    writer.string(name);
    writer.varint32(STREAM_NAME_TAG);
  },
);

/** A place in the log. The same two fields stand under several names in the protocol. */
export const position = message({ commitPosition: field(1, uint64), preparePosition: field(2, uint64) });

export const timestamp = message({ seconds: field(1, int64), nanos: field(2, int32) });
export const duration = message({ seconds: field(1, int64), nanos: field(2, int32) });

/** How ids are to be written in the answer; text unless structured is asked for. */
export const uuidOption = message({ content: oneof({ structured: [1, empty], string: [2, empty] }) });

/** `google.protobuf.Any`. */
const any = message({ typeUrl: field(1, string), value: field(2, bytes) });

/** `google.rpc.Status` as this protocol has it: with one detail, not a list of them. */
export const status = message({ code: field(1, int32), message: field(2, string), details: field(3, any) });

/** Details of failed appends, each known to the client by the name it has in the type URL of {@link any}. */
export const wrongExpectedVersion = message({
  currentStreamRevision: oneof({ currentStreamRevision: [1, revision], currentNoStream: [2, empty] }),
  expectedStreamPosition: oneof({
    expectedStreamPosition: [3, revision],
    expectedAny: [4, empty],
    expectedStreamExists: [5, empty],
    expectedNoStream: [6, empty],
  }),
});
export const streamDeleted = message({ streamIdentifier: field(1, streamIdentifier) });
export const maximumAppendSizeExceeded = message({ maxAppendSize: field(1, uint32) });
export const badRequest = message({ message: field(1, string) });
