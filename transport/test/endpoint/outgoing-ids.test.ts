import assert from "node:assert/strict";
import { test } from "node:test";
import { command, component, type DeferredMessage, event, outgoingIds, processManager } from "../../src/index.ts";
import { virtualClock } from "../schedule/virtual-clock.ts";
import { type Bench, bench, until } from "./harness.ts";

/** The messages of one test. */
const messagesOf = ({ name }: Bench) => {
  const Changed = event(`${name("shop")}.Changed`, { isBase: true })<{ order: string; customer: string }>();
  return {
    Changed,
    Placed: event(`${name("shop")}.Placed`, { extends: [Changed] })<{ order: string; customer: string }>(),
    Notify: command(`${name("mail")}.Notify`, { to: name("mail") })<{ who: string }>(),
    Noted: event(`${name("course")}.Noted`)<{ who: string }>(),
  };
};

const ORDER = { order: "17", customer: "Ada" };

/** Receives what is to be told, and to whom. */
function mailOf({ name }: Bench, { Notify }: ReturnType<typeof messagesOf>) {
  const told: { readonly who: string; readonly id: string }[] = [];
  const mail = component(name("mail"), (c) => {
    c.handle(Notify, ({ who }, { messageId }) => void told.push({ who, id: messageId }));
  });
  return { mail, told };
}

test("ids – what several handlers of one message send directly has the id of its handler, however the others decide when it is tried again", async () => {
  await using b = await bench();
  const messages = messagesOf(b);
  const { Changed, Placed, Notify } = messages;
  const { mail, told } = mailOf(b, messages);
  const desk = component(b.name("desk"), { sends: "direct" }, (c) => {
    c.handle(Changed, async (_, ctx) => ctx.send(Notify, { who: "whoever watches" }));
    c.handle(Placed, async (_, ctx) => {
      if (ctx.attempt > 1) await ctx.send(Notify, { who: "the first" });
    });
    c.handle(Placed, async (_, ctx) => {
      await ctx.send(Notify, { who: "the second" });
      if (ctx.attempt === 1) throw new Error("Not yet.");
    });
  });
  const endpoint = await b.start(desk, mail);
  const id = await b.sender.publish(Placed, ORDER);
  await until("it is handled", () => endpoint.counts(b.name("desk")).handled === 1);
  await until("what was sent last has come", () => told.some(({ who }) => who === "whoever watches"));
  assert.deepEqual(told.map(({ who }) => who).toSorted(), ["the first", "the second", "whoever watches"]);
  const idOf = outgoingIds(id, b.name("desk"));
  assert.equal(told.find(({ who }) => who === "the first")?.id, idOf(Notify.type, b.name("mail")));
});

test("ids – two instances of a process manager that one event meets, by its type and by what that extends, both send", async () => {
  await using b = await bench();
  const messages = messagesOf(b);
  const { Changed, Placed, Notify, Noted } = messages;
  const { mail, told } = mailOf(b, messages);
  const course = processManager(b.name("course"), {}, (p) => {
    p.startedBy(
      Placed,
      ({ order }) => order,
      (_, { order }) => [Noted({ who: order }), Notify({ who: order })],
    );
    p.startedBy(
      Changed,
      ({ customer }) => customer,
      (_, { customer }) => [Noted({ who: customer }), Notify({ who: customer })],
    );
  });
  const desk = component(b.name("desk"), (c) => c.processManager(course));
  const noted: string[] = [];
  const log = component(b.name("log"), (c) => c.handle(Noted, ({ who }) => void noted.push(who)));
  const endpoint = await b.start(desk, mail, log);
  await b.sender.publish(Placed, ORDER);
  await until("all that was sent has come", () =>
    ["mail", "log"].every((name) => {
      const { handled, duplicates } = endpoint.counts(b.name(name));
      return handled + duplicates === 2;
    }),
  );
  assert.deepEqual(told.map(({ who }) => who).toSorted(), ["17", "Ada"]);
  assert.deepEqual(noted.toSorted(), ["17", "Ada"]);
});

test("ids – what a handler cancels directly stays canceled, though it cancels something else when it is tried again", async () => {
  const clock = virtualClock(Date.UTC(2026, 10, 3, 12));
  await using b = await bench({ clock });
  const { Notify } = messagesOf(b);
  const Forget = command(`${b.name("desk")}.Forget`, { to: b.name("desk") })<object>();
  const { mail, told } = mailOf(b, messagesOf(b));
  const waiting: DeferredMessage[] = [];
  const desk = component(b.name("desk"), { sends: "direct" }, (c) => {
    c.handle(Forget, async (_, ctx) => {
      await ctx.cancel(waiting[ctx.attempt - 1]!);
      if (ctx.attempt === 1) throw new Error("Not yet.");
    });
  });
  const endpoint = await b.start(desk, mail);
  for (const who of ["the first", "the second", "the third"])
    waiting.push(await b.sender.send(Notify, { who }, { delayFor: 5_000 }));
  await b.sender.send(Forget, {});
  await until("it is handled", () => endpoint.counts(b.name("desk")).handled === 1);
  clock.turn(5_000);
  await until("what nobody has canceled has come", () => told.some(({ who }) => who === "the third"));
  assert.deepEqual(
    told.map(({ who }) => who),
    ["the third"],
  );
});
