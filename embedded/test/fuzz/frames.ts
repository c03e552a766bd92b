/** HTTP/2 by hand, for what no library would send. */

export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

export const DATA = 0;
export const HEADERS = 1;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const GOAWAY = 7;

export const END_STREAM = 1;
export const END_HEADERS = 4;

export function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Headers in the plainest form that HPACK has: names and values spelled out, nothing remembered. */
export function headerBlock(headers: Readonly<Record<string, string | Buffer>>): Buffer {
  return Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => [
      Buffer.from([0]),
      text(Buffer.from(name)),
      text(Buffer.from(value)),
    ]),
  );
}

function text(bytes: Buffer): Buffer {
  return Buffer.concat([integer(bytes.length, 7), bytes]);
}

/** An integer with a prefix of some bits, as HPACK has it. */
function integer(value: number, bits: number): Buffer {
  const most = 2 ** bits - 1;
  if (value < most) return Buffer.from([value]);
  const bytes = [most];
  for (let rest = value - most; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

export const callHeaders = (path: string): Record<string, string> => ({
  ":method": "POST",
  ":scheme": "http",
  ":path": path,
  ":authority": "127.0.0.1",
  "content-type": "application/grpc",
  te: "trailers",
});

/** A gRPC message: whether it is compressed, its length, its bytes. */
export function grpcMessage(body: Uint8Array, length = body.length, compressed = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, body]);
}
