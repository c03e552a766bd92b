import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseBasic } from "../../src/security/basic-credentials.ts";

const headerOf = (text: string | Buffer): string => `Basic ${Buffer.from(text).toString("base64")}`;

test("credentials – login and password come back as they were sent", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 40 });
  fc.assert(
    fc.property(text, text, (before, password) => {
      const login = before.replaceAll(":", "") || "a";
      assert.deepEqual(parseBasic(headerOf(`${login}:${password}`)), { login, password });
    }),
  );
});

test("credentials – a password may hold colons, the scheme's case does not matter", () => {
  const header = `bAsIc ${Buffer.from("ann:a:b").toString("base64")}`;
  assert.deepEqual(parseBasic(header), { login: "ann", password: "a:b" });
});

const BROKEN: Readonly<Record<string, string>> = {
  nothing: "",
  "the scheme alone": "Basic",
  "another scheme": "Bearer YTpi",
  "no base64": "Basic ?????",
  "no colon": headerOf("ann"),
  "no login": headerOf(":secret"),
  "no UTF-8": headerOf(Buffer.from([0x61, 0x3a, 0xff])),
  "more than a password": headerOf(`ann:${"x".repeat(2000)}`),
};
for (const [what, header] of Object.entries(BROKEN)) {
  test(`credentials – ${what} is none`, () => assert.equal(parseBasic(header), undefined));
}

test("credentials – no header at all makes it throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      parseBasic(text);
      parseBasic(`Basic ${text}`);
    }),
  );
});
