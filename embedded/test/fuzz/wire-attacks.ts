import { connect as connectSocket, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { bodyFor } from "./bodies.ts";
import {
  callHeaders,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  headerBlock,
  HEADERS,
  PREFACE,
  RST_STREAM,
  SETTINGS,
  GOAWAY,
} from "./frames.ts";
import { targets } from "./methods.ts";
import type { Random } from "./random.ts";

const PRIORITY = 2;
const PUSH_PROMISE = 5;
const PING = 6;
const WINDOW_UPDATE = 8;
const CONTINUATION = 9;

const PATIENCE_MS = 60;

/** One connection whose bytes are no HTTP/2, or a bad one. Resolves when it is over, or was given up. */
export function attackByWire(random: Random, port: number, isTls: boolean): Promise<void> {
  const bytes = wireBytes(random);
  return new Promise((resolve) => {
    // Under TLS some do not even shake hands.
    const options = {
      port,
      host: "127.0.0.1",
      rejectUnauthorized: false,
      ALPNProtocols: [random.pick(["h2", "http/1.1"])],
    };
    const socket: Socket = isTls && random.chance(0.8) ? connectTls(options) : connectSocket(port, "127.0.0.1");
    const timer = setTimeout(() => socket.destroy(), PATIENCE_MS + random.below(PATIENCE_MS));
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
    if (random.chance(0.9)) socket.resume();
    socket.once(isTls && "getCipher" in socket ? "secureConnect" : "connect", () => {
      const cut = random.chance(0.2) ? random.below(bytes.length + 1) : bytes.length;
      socket.write(bytes.subarray(0, cut));
      const ending = random.below(10);
      if (ending < 3) socket.end();
      else if (ending === 3 && !("getCipher" in socket)) socket.resetAndDestroy();
    });
  });
}

function wireBytes(random: Random): Buffer {
  if (random.chance(0.1)) return random.bytes(random.length());
  if (random.chance(0.05)) return Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const frames = Array.from({ length: 1 + random.below(12) }, () => oddFrame(random));
  const start = [PREFACE, frame(SETTINGS, 0, 0)];
  return Buffer.concat([...(random.chance(0.95) ? start : []), ...frames]);
}

const streamId = (random: Random): number => random.pick([0, 1, 1, 1, 3, 5, 2, 0x7fff_ffff, random.below(100)]);

function oddFrame(random: Random): Buffer {
  const id = streamId(random);
  const target = random.pick(targets);
  const good = headerBlock(callHeaders(target.path));
  switch (random.below(16)) {
    case 0:
      return frame(random.below(256), random.below(256), id, random.bytes(random.below(100)));
    case 1:
      return frame(HEADERS, END_HEADERS, id, random.bytes(random.below(200)));
    case 2:
      return frame(HEADERS, random.below(256), id, good);
    case 3:
      return frame(SETTINGS, random.below(2), id, random.bytes(random.pick([0, 6, 12, 5, 600])));
    case 4: {
      // The window as large as it gets, no window, the largest frame, no header table.
      const setting = Buffer.alloc(6);
      setting.writeUInt16BE(1 + random.below(8), 0);
      setting.writeUInt32BE(random.pick([0, 1, 16_383, 16_384, 0x7fff_ffff, 0xffff_ffff]), 2);
      return frame(SETTINGS, 0, 0, setting);
    }
    case 5: {
      const window = Buffer.alloc(4);
      window.writeUInt32BE(random.pick([0, 1, 0x7fff_ffff, 0xffff_ffff]));
      return frame(WINDOW_UPDATE, 0, id, window);
    }
    case 6:
      return Buffer.concat(
        Array.from({ length: random.pick([1, 20, 500]) }, () => frame(PING, random.below(2), 0, random.bytes(8))),
      );
    case 7:
      return frame(GOAWAY, 0, random.chance(0.8) ? 0 : id, random.bytes(8 + random.below(20)));
    case 8:
      // A header block that never ends.
      return Buffer.concat([
        frame(HEADERS, 0, id | 1, good),
        ...Array.from({ length: random.pick([1, 10, 300]) }, () =>
          frame(CONTINUATION, 0, id | 1, headerBlock({ x: "y".repeat(100) })),
        ),
      ]);
    case 9: {
      // Calls that are given up as soon as they are made.
      const calls = random.pick([1, 20, 200]);
      return Buffer.concat(
        Array.from({ length: calls }, (_, i) =>
          Buffer.concat([
            frame(HEADERS, END_HEADERS, 2 * i + 101, good),
            frame(RST_STREAM, 0, 2 * i + 101, Buffer.from([0, 0, 0, random.below(14)])),
          ]),
        ),
      );
    }
    case 10:
      return frame(PRIORITY, 0, id, random.bytes(random.pick([5, 4, 0])));
    case 11:
      return frame(PUSH_PROMISE, END_HEADERS, id, Buffer.concat([Buffer.from([0, 0, 0, 2]), good]));
    case 12: {
      const head = frame(DATA, 0, id);
      head.writeUIntBE(random.pick([1, 16_384, 16_385, 0xff_ffff]), 0, 3);
      return Buffer.concat([head, random.bytes(random.below(50))]);
    }
    case 13:
      return frame(HEADERS, END_HEADERS, id | 1, headerBlock(oddBlock(random, target.path)));
    default:
      return Buffer.concat([
        frame(HEADERS, END_HEADERS, id | 1, good),
        ...bodyFor(random, target).chunks.map((chunk) =>
          frame(DATA, random.below(2) * END_STREAM, id | 1, chunk.subarray(0, 16_384)),
        ),
      ]);
  }
}

/** Headers that a library would refuse to send. */
function oddBlock(random: Random, path: string): Record<string, string | Buffer> {
  const good = callHeaders(path);
  return random.pick<() => Record<string, string | Buffer>>([
    () => ({ ...good, UPPER: "x" }),
    () => ({ ...good, "": "x" }),
    () => ({ ...good, "x y": "z" }),
    () => ({ ...good, x: Buffer.from([0, 10, 13, 255]) }),
    () => ({ ...good, "x-bin": "!!!" }),
    () => ({ ...good, "grpc-timeout": Buffer.from([255]) }),
    () => ({ ...good, ":path": Buffer.from([0, 255, 47]) }),
    () => ({ ...good, ":authority": "\u0000" }),
    () => ({ ...good, ":method": "" }),
    () => ({ ...good, ":unknown": "x" }),
    () => ({ ...good, connection: "close", "transfer-encoding": "chunked" }),
    () => ({ ...good, "content-length": random.pick(["0", "-1", "x", "5"]) }),
    () => ({ "content-type": "application/grpc" }),
    () => ({ ...good, "x-long": "z".repeat(70_000) }),
    () => ({ ...good, authorization: Buffer.from([66, 97, 115, 105, 99, 32, 255]) }),
  ])();
}
