import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Connection } from "../../../src/connections/connection.ts";
import { editedHeaders, editedMessageText } from "../../../src/failed-messages/edited-message.ts";
import { parseEdited } from "../../../src/failed-messages/parse-edited.ts";

const LOCAL: Connection = {
  id: "a",
  name: "local",
  connectionString: "esdb://h:1",
  policy: "read-write",
  origin: "user",
};
const TARGET = { connection: "local", component: "billing", parkedId: "11111111-2222-4333-8444-555555555555" };
const message = (body: string | Uint8Array, isJson = true) => ({
  id: "m",
  type: "billing.ChargeCard",
  correlationId: "c",
  headers: { $correlationId: "c", "sluice.source": "shop", tenant: "acme", tries: 3 },
  body: typeof body === "string" ? new TextEncoder().encode(body) : body,
  isJson,
});
const problemsOf = (text: string) => parseEdited(text, [LOCAL]).problems.map(({ text: said }) => said);

suite("edited message", () => {
  test("begins as the failed one, and unchanged it is that: every digit, and the user's own headers", async () => {
    const body = '{"amount":12345678901234567890,"rate":1.10,"text":"é"}';
    const text = await editedMessageText(TARGET, message(body));
    const { draft, problems } = parseEdited(text, [LOCAL]);
    assert.deepEqual(problems, []);
    assert.deepEqual(draft, {
      connectionId: "a",
      component: "billing",
      parkedId: TARGET.parkedId,
      type: "billing.ChargeCard",
      headers: { tenant: "acme", tries: 3 },
      body: { json: body },
    });
  });

  test("a body that is no JSON is edited as bytes", async () => {
    const text = await editedMessageText(TARGET, message(Uint8Array.of(0, 255, 7), false));
    const { draft } = parseEdited(text, [LOCAL]);
    assert.deepEqual(draft?.body, { body: Uint8Array.of(0, 255, 7) });
    assert.match(problemsOf(text.replace("AP8H", "A*")).join(), /no bytes in Base64/);
  });

  test("what was written as JSON and is none is edited as bytes, too", async () => {
    const text = await editedMessageText(TARGET, message("{ broken"));
    assert.deepEqual(parseEdited(text, [LOCAL]).draft?.body, { body: new TextEncoder().encode("{ broken") });
  });

  test("a body that would lose bytes as a text is edited as bytes, too", async () => {
    const body = Uint8Array.from([...new TextEncoder().encode('{"n":"'), 0xff, 0x22, 0x7d]);
    const { draft } = parseEdited(await editedMessageText(TARGET, message(body)), [LOCAL]);
    assert.deepEqual(draft?.body, { body });
  });

  test("says what is wrong, at its place", async () => {
    const text = await editedMessageText(TARGET, message('{"amount":1}'));
    assert.match(problemsOf(text.replace('"amount": 1', '"amount": 1,')).join(), /has to be JSON/);
    assert.match(problemsOf(text.replace('"tenant"', '"sluice.tenant"')).join(), /transport's own/);
    assert.match(problemsOf(text.replace('"acme"', "[1]")).join(), /A header is a text/);
    assert.match(problemsOf(text.replace('"local"', '"elsewhere"')).join(), /no connection of this name.*local/);
    assert.match(problemsOf(text.replace('"body"', '"bodies"')).join(), /no such property/);
    assert.match(problemsOf("[]").join(), /Write an object/);
    assert.match(problemsOf(text.replace('{\n    "amount": 1\n  }', "1")).join(), /JSON object or array/);
  });

  test("a read-only connection is warned of, and refused where policies are enforced", async () => {
    const text = await editedMessageText(TARGET, message("{}"));
    const { draft, problems } = parseEdited(text, [{ ...LOCAL, policy: "read-only" }]);
    assert.ok(draft !== undefined);
    assert.deepEqual(
      problems.map(({ severity }) => severity),
      ["warning"],
    );
  });

  test("headers that are no longer there are taken away, the transport's own stay", () => {
    assert.deepEqual(editedHeaders(message("{}").headers, { tenant: "other", added: true }), {
      tenant: "other",
      tries: undefined,
      added: true,
    });
  });
});
