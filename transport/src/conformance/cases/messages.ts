import type { Headers, HeaderValue } from "../../seam/index.ts";
import { caseOf } from "../case-of.ts";
import { expectEqual, expectThat } from "../expect.ts";
import { idsOf, testMessage } from "../test-message.ts";

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);
/** What a parser that reads and writes again would change. */
const JSON_TEXTS = ['{"n":12345678901234567890, "x": 1.0}\n', '"\\u00e9 é \u2028 😀"', '{"a":1,"a":2}', "null"];
const HEADERS: Headers = {
  plain: "text",
  "Überschrift – 見出し 😀": "Wörter, 言葉, כתב, 👩‍👩‍👧",
  'a "quoted" \\ name': "two\nlines\tand a \u0001",
  constructor: "a name that every object has",
  ["__proto__"]: "a name that no object may be given carelessly",
  empty: "",
  "looks like a number": "1.0",
  number: 42.5,
  negative: -1,
  yes: true,
  no: false,
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export const messageCases = [
  caseOf(
    [1],
    "a message reaches the handler with a native id, its headers and exactly its body's bytes, JSON and binary",
    [],
    async (stage) => {
      const address = stage.address();
      const bodies = [...JSON_TEXTS, EVERY_BYTE, new Uint8Array(), new Uint8Array(200_000).fill(7)];
      const sent = bodies.map((body) => testMessage({ body, type: `${address}.Typed`, headers: { of: address } }));
      const listener = await stage.listen(address);
      await stage.send(address, sent);
      await stage.until("every message to reach the handler", () => listener.handled.length >= sent.length);
      expectEqual(listener.failed.length, 0, "no failure");
      for (const [index, { message, nativeId }] of listener.begun.entries()) {
        const original = sent[index];
        expectThat(original !== undefined, "no message that nobody has sent");
        expectThat(nativeId !== "", "a native id");
        expectEqual(message.id, original.id, "the id that the message was sent with");
        expectEqual(message.type, original.type, "the type that the message was sent with");
        expectEqual(message.isJson, original.isJson, "to be told whether the body is JSON");
        expectEqual(message.headers["of"], address, "the header");
        expectEqual(hex(message.body), hex(original.body), "exactly the bytes of the body");
      }
      expectEqual(new Set(listener.begun.map(({ nativeId }) => nativeId)).size, sent.length, "a native id for each");
    },
  ),
  caseOf(
    [2],
    "headers with any Unicode in names and values survive, and so do numbers and booleans",
    [],
    async (stage) => {
      const address = stage.address();
      const listener = await stage.listen(address);
      await stage.send(address, [testMessage({ headers: HEADERS })]);
      await stage.until("the message to reach the handler", () => listener.begun.length > 0);
      const received = new Map<string, HeaderValue>(Object.entries(listener.begun[0]?.message.headers ?? {}));
      for (const [name, value] of Object.entries(HEADERS))
        expectEqual(received.get(name), value, `the header ${JSON.stringify(name)}`);
    },
  ),
  caseOf([19], "the receiving address is on the receive context and on the error context", [], async (stage) => {
    const address = stage.address();
    const listener = await stage.listen(address, {
      onMessage() {
        throw new Error("fails");
      },
    });
    await stage.send(address, [testMessage()]);
    await stage.until("the failure to reach the error policy", () => listener.failed.length > 0);
    expectEqual(listener.begun[0]?.receiveAddress, address, "the address on the receive context");
    expectEqual(listener.failed[0]?.receiveAddress, address, "the address on the error context");
    expectEqual(listener.receiver.receiveAddress, address, "the address on the receiver");
  }),
  caseOf([18], "a send-only host has no receiver, starts, and sends", [], async (stage) => {
    const address = stage.address();
    const host = await stage.host(stage.address(), []);
    expectEqual(host.receivers.size, 0, "no receivers");
    const message = testMessage();
    await host.dispatcher.dispatch({ unicast: [{ message, destination: address }] });
    const listener = await stage.listen(address);
    await stage.until("what it has sent to be received", () => listener.handled.length > 0);
    expectEqual(listener.handled, idsOf([message]), "the message that was sent");
  }),
  caseOf([30], "nobody listening: the message waits, and whoever listens later gets it", [], async (stage) => {
    const address = stage.address();
    const messages = [testMessage(), testMessage()];
    await stage.send(address, messages);
    const listener = await stage.listen(address);
    await stage.until("the messages that waited to be received", () => listener.handled.length >= 2);
    expectEqual(listener.handled, idsOf(messages), "the messages that waited");
  }),
  caseOf([], "capabilities are frozen, and those that the bench has told", [], async (stage) => {
    const transport = await stage.bench.createTransport();
    expectThat(Object.isFrozen(transport.capabilities), "frozen capabilities");
    expectEqual(
      { ...transport.capabilities },
      { ...stage.bench.capabilities },
      "the capabilities that the bench has told",
    );
  }),
];
