import { field, map, oneof, repeated } from "./field.ts";
import { message } from "./message.ts";
import { bytes, enumeration, int32, sint64, string } from "./scalars.ts";
import { clientStream, service, unary } from "./service.ts";
import { value } from "./value.ts";

/** An event on its way to any of several streams (spec 4.2). */
export const appendRecord = message({
  recordId: field(1, string),
  properties: map(2, { ...value, absent: null }),
  schema: field(
    3,
    message({
      format: field(1, enumeration("unspecified", "Json", "Protobuf", "Avro", "Bytes")),
      name: field(2, string),
      id: field(3, string),
    }),
  ),
  data: field(4, bytes),
  stream: field(5, string),
});

/** All events for one stream. */
export const appendRequest = message({
  stream: field(1, string),
  records: repeated(2, appendRecord),
  expectation: oneof({ expectedRevision: [3, sint64] }),
});

export const appendSessionResponse = message({
  output: repeated(
    1,
    message({
      stream: field(1, string),
      streamRevision: field(2, sint64),
      positionOption: oneof({ position: [3, sint64] }),
    }),
  ),
  position: field(2, sint64),
});

const streamStateCheck = message({ stream: field(1, string), expectedState: field(2, sint64) });

export const appendRecordsRequest = message({
  records: repeated(1, appendRecord),
  checks: repeated(2, message({ type: oneof({ streamState: [1, streamStateCheck] }) })),
});

export const appendRecordsResponse = message({
  revisions: repeated(1, message({ stream: field(1, string), revision: field(2, sint64) })),
  position: field(2, sint64),
});

/** Details of failures; clients know each by the end of its name in the type URL (spec 4.2). */
export const streamDetails = message({ stream: field(1, string) });
export const revisionConflictDetails = message({
  stream: field(1, string),
  expectedRevision: field(2, sint64),
  actualRevision: field(3, sint64),
});
export const recordSizeDetails = message({
  stream: field(1, string),
  recordId: field(2, string),
  size: field(3, int32),
  maxSize: field(4, int32),
});
export const transactionSizeDetails = message({ size: field(1, int32), maxSize: field(2, int32) });

const streamStateViolation = message({
  stream: field(1, string),
  expectedState: field(2, sint64),
  actualState: field(3, sint64),
});
export const consistencyDetails = message({
  violations: repeated(
    1,
    message({ checkIndex: field(1, int32), type: oneof({ streamState: [2, streamStateViolation] }) }),
  ),
});

export const v2StreamsService = service("kurrentdb.protocol.v2.streams.StreamsService", {
  appendSession: clientStream("AppendSession", appendRequest, appendSessionResponse),
  appendRecords: unary("AppendRecords", appendRecordsRequest, appendRecordsResponse),
});
