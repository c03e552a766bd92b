import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import { command, component, type Endpoint, startEndpoint } from "@sluice/transport";
import { EditedTypeError, editedMessageText, editOf } from "../../../src/failed-messages/edited-message.ts";
import { failedDocument } from "../../../src/failed-messages/failed-document.ts";
import { FailedModel } from "../../../src/failed-messages/failed-model.ts";
import { selectedMessages } from "../../../src/failed-messages/failed-selection.ts";
import { parseEdited } from "../../../src/failed-messages/parse-edited.ts";
import { NotParkedError } from "../../../src/server/server-errors.ts";
import { noted } from "../event-store/opened-store.ts";
import { lookUntil, openedRegistry } from "../server/opened-registry.ts";

interface Handled {
  readonly body: { readonly n: number };
  readonly tenant: unknown;
}

/** A server with a running component that fails for negative numbers, and the Failed Messages view of it. */
async function shown(t: TestContext) {
  const embedded = await startEmbedded({ memory: true, port: 0 });
  t.after(() => embedded.stop());
  const Do = command("work.Do", { to: "work" })<{ n: number }>();
  const handled: Handled[] = [];
  let isBroken = true;
  const work = component("work", { immediateRetries: 0, delayedRetries: 0 }, (c) => {
    c.handle(Do, (body, { headers }) => {
      if (body instanceof Uint8Array) throw new TypeError("bytes");
      if (isBroken && body.n < 0)
        throw body.n % 2 === 0 ? new RangeError(`even ${body.n}`) : new TypeError(`odd ${body.n}`);
      handled.push({ body, tenant: headers["tenant"] });
    });
  });
  let endpoint: Endpoint = await startEndpoint([work], { connectionString: embedded.connectionString, on: () => {} });
  t.after(() => endpoint.stop());
  /** Another server comes in the place of this one, with nothing on it but the component. */
  async function replace(): Promise<void> {
    const { connectionString, port } = embedded;
    await endpoint.stop();
    await embedded.stop();
    const reader = await opened.registry.open("a");
    await assert.rejects(
      reader.read({ all: true }, { from: "start", direction: "forwards", limit: 1, followsLinks: false }),
    );
    const another = await startEmbedded({ memory: true, port });
    t.after(() => another.stop());
    endpoint = await startEndpoint([work], { connectionString, on: () => {} });
    await until(() => opened.registry.stateOf("a").kind === "open");
  }
  const opened = await openedRegistry(t, embedded);
  const { registry, server } = opened;
  const model = new FailedModel(registry, server);
  const writer = async () => (await registry.openServerForWriting("a", { what: "Retry" })).parked;
  async function park(...numbers: readonly number[]): Promise<void> {
    const before = model.count;
    for (const n of numbers) await endpoint.send(Do, { n }, { headers: { tenant: "acme" } });
    await lookUntil(server, () => model.count === before + numbers.length);
  }
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { ...opened, handled, model, park, writer, until, replace, mend: () => (isBroken = false) };
}

suite("failed messages", () => {
  test("are listed by component and failure group, each with all that is known of it", async (t) => {
    const { model, park, server } = await shown(t);
    await server.look();
    assert.equal(model.isNone, true);
    await park(-1, -2, -3);
    assert.equal(model.isNone, false);
    const [work] = await model.children();
    assert.deepEqual([work!.label, work!.description], ["work", "3 messages"]);
    const groups = await model.children(work);
    assert.deepEqual(
      groups.map(({ label, spoken }) => [label.replace(/ at .*/, ""), spoken?.split(", ")[1]]),
      [
        ["2 × TypeError", "2 messages"],
        ["1 × RangeError", "1 message"],
      ],
    );
    const messages = await model.children(groups[0]);
    assert.deepEqual(
      messages.map(({ label, description }) => [label, description?.split(" · ")[0]]),
      [
        ["work.Do", "odd -1"],
        ["work.Do", "odd -3"],
      ],
    );
    const document: unknown = JSON.parse(await failedDocument("work", model.find(messages[0]!)!));
    const { failure, message } = document as { failure: Record<string, unknown>; message: Record<string, unknown> };
    assert.equal(failure["exception"], "TypeError");
    assert.equal(failure["attempts"], 1);
    assert.ok(Array.isArray(failure["stack"]));
    assert.deepEqual(message["body"], { n: -1 });
    assert.equal((message["headers"] as Record<string, unknown>)["tenant"], "acme");
  });

  test("of a server in whose place another one has come, those of that one are listed", async (t) => {
    const { model, park, server, replace } = await shown(t);
    await park(-1, -3);
    await replace();
    await lookUntil(server, () => model.isNone);
    await park(-2);
    const [work] = await model.children();
    const [group] = await model.children(work);
    assert.deepEqual([group!.count, group!.failureGroup!.split(" ")[0]], [1, "RangeError"]);
    const [message] = await model.children(group);
    assert.equal(model.find(message!)?.exception.message, "even -2");
  });

  test("retried by selection and by group they are handled, and no longer listed", async (t) => {
    const { model, park, server, handled, mend, writer, until } = await shown(t);
    await park(-1, -2, -3, -5);
    mend();
    const [work] = await model.children();
    const groups = await model.children(work);
    const messages = await model.children(groups.find(({ label }) => label.includes("TypeError")));
    const rows = [messages[0]!, groups.find(({ label }) => label.includes("RangeError"))!];
    const told: number[] = [];
    for (const { component: of, selection } of selectedMessages(rows)) {
      const parked = await writer();
      await parked.retry(of, selection, { onProgress: ({ done }) => told.push(done) });
    }
    await until(() => handled.length === 2);
    assert.deepEqual(handled.map(({ body }) => body.n).toSorted(), [-1, -2].toSorted());
    assert.deepEqual(told, [0, 1, 0, 1]);
    await server.look();
    assert.equal(model.count, 2);
  });

  test("edited in a draft it is handled instead, with its own headers, and the original is told to be dealt with", async (t) => {
    const { registry, model, park, server, handled, writer, until } = await shown(t);
    await park(-1);
    const [work] = await model.children();
    const [group] = await model.children(work);
    const [row] = await model.children(group);
    const { message } = model.find(row!)!;
    const target = { connection: "local", component: "work", parkedId: row!.parkedId! };
    const text = (await editedMessageText(target, message!)).replace('"n": -1', '"n": 17').replace('"acme"', '"other"');
    const { draft, problems } = parseEdited(text, registry.all);
    assert.deepEqual(problems, []);
    const parked = await writer();
    const edit = await editOf((await registry.openServer("a")).parked, draft!);
    const id = await parked.edit("work", draft!.parkedId, edit);
    assert.notEqual(id, message!.id);
    await until(() => handled.length === 1);
    assert.deepEqual(handled, [{ body: { n: 17 }, tenant: "other" }]);
    await server.look();
    assert.equal(model.count, 0);
    await assert.rejects(parked.edit("work", draft!.parkedId, edit), NotParkedError);
  });

  test("what is taken out of a draft is taken away on the draft's own server, whichever is looked at, and its type stays", async (t) => {
    const [{ model, park, until, handled, writer, registry }, other] = [await shown(t), await shown(t)];
    await park(-1);
    const [work] = await model.children();
    const [group] = await model.children(work);
    const [row] = await model.children(group);
    const target = { connection: "local", component: "work", parkedId: row!.parkedId! };
    const text = (await editedMessageText(target, model.find(row!)!.message!)).replace('"n": -1', '"n": 17');
    const draftOf = (of: string) => parseEdited(of, registry.all).draft!;
    await other.server.look();
    const { parked } = await registry.openServer("a");
    await assert.rejects(editOf(parked, draftOf(text.replace("work.Do", "work.Undo"))), EditedTypeError);
    const draft = draftOf(text.replace('"tenant": "acme"', ""));
    await (await writer()).edit("work", target.parkedId, await editOf(parked, draft));
    await until(() => handled.length === 1);
    assert.deepEqual(handled, [{ body: { n: 17 }, tenant: undefined }]);
  });

  test("stopped half way, what was sent back is handled once and the rest is still listed", async (t) => {
    const { model, park, server, handled, mend, writer, until } = await shown(t);
    await park(...Array.from({ length: 60 }, (_, n) => -1 - 2 * n));
    mend();
    const stop = new AbortController();
    const parked = await writer();
    await assert.rejects(
      parked.retry("work", "all", { signal: stop.signal, onProgress: ({ done }) => done > 0 && stop.abort() }),
      { name: "AbortError" },
    );
    await server.look();
    assert.equal(model.count, 10);
    await parked.retry("work", "all", {});
    await until(() => handled.length === 60);
    assert.equal(new Set(handled.map(({ body }) => body.n)).size, 60);
    await server.look();
    assert.equal(model.count, 0);
  });

  test("archived they are no longer listed, and not handled", async (t) => {
    const { model, park, server, handled, mend, writer } = await shown(t);
    await park(-1, -2);
    mend();
    const parked = await writer();
    assert.equal((await parked.archive("work", "all", {})).done, 2);
    await server.look();
    assert.equal(model.count, 0);
    assert.deepEqual(handled, []);
  });

  test("a body that is no JSON is shown as it is, and edited as bytes", async (t) => {
    const { registry, model, server, handled, writer, until } = await shown(t);
    const store = await registry.openForWriting("a", { what: "Append" });
    await store.append("in.work-others", "any", [noted("no JSON", { type: "work.Do", isJson: false })]);
    await lookUntil(server, () => model.count === 1);
    const [work] = await model.children();
    const [group] = await model.children(work);
    const [row] = await model.children(group);
    const parked = model.find(row!)!;
    const document = JSON.parse(await failedDocument("work", parked)) as { message: { body: unknown } };
    assert.deepEqual(document.message.body, ["no JSON"]);
    const target = { connection: "local", component: "work", parkedId: row!.parkedId! };
    const text = await editedMessageText(target, parked.message!);
    assert.match(text, /"bytes": "bm8gSlNPTg=="/);
    const { draft } = parseEdited(text.replace('"bytes": "bm8gSlNPTg=="', '"body": { "n": 3 }'), registry.all);
    await (await writer()).edit("work", row!.parkedId!, draft!.body);
    await until(() => handled.length === 1);
    assert.deepEqual(handled[0]?.body, { n: 3 });
  });

  test("a page at a time, and more on request", async (t) => {
    const { model, park } = await shown(t);
    await park(...Array.from({ length: 52 }, (_, n) => -1 - 2 * n));
    const [work] = await model.children();
    const [group] = await model.children(work);
    const first = await model.children(group);
    assert.equal(first.length, 51);
    assert.equal(first.at(-1)?.description, "50 of 52 are shown");
    model.more(group!);
    assert.equal((await model.children(group)).length, 52);
  });
});
