import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbedded } from "@sluice/embedded";
import { checkFlow, messageFlow, SampleProcess, startSystem } from "@sluice/sample-display";
import { component, type Sender, startEndpoint, startSender } from "@sluice/transport";
import { given } from "@sluice/transport/testing";
import { demonstrate, holds } from "../src/demonstration.ts";
import { PortInUse, serveHttp } from "../src/http.ts";
import { book, lending } from "../src/lending.ts";
import { libraryView } from "../src/library.ts";
import { loanOf } from "../src/loans.ts";
import { BookLent, BookReturned, LendBook, ReturnBook } from "../src/messages.ts";
import { openReadModel } from "../src/read-model.ts";
import { startReadModels } from "../src/read-models.ts";

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "sluice-views-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function library(t: TestContext): Promise<{ readonly connectionString: string; readonly desk: Sender }> {
  const server = await startEmbedded({ memory: true, port: 0 });
  t.after(() => server.stop());
  const { connectionString } = server;
  const desk = await startSender("desk", { connectionString });
  t.after(() => desk.stop());
  return { connectionString, desk };
}

/** Each loan is returned, but for the last. */
async function publish(desk: Sender, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 1) {
    if (n > 0) await desk.publish(BookReturned, loanOf(n - 1));
    await desk.publish(BookLent, loanOf(n));
  }
}

test("views – a book is lent once until it is returned", () => {
  const loan = { book: "b1", reader: "Ada" };
  given(book).when(LendBook(loan)).then(BookLent(loan));
  given(book, BookLent(loan))
    .when(LendBook({ book: "b1", reader: "Hana" }))
    .thenNothing();
  given(book, BookLent(loan))
    .when(ReturnBook({ book: "b1" }))
    .then(BookReturned(loan));
  given(book)
    .when(ReturnBook({ book: "b1" }))
    .thenNothing();
});

test("views – rebuilt and switched while books are lent and somebody asks: every query is answered, and no answer goes back", async (t) => {
  const said: string[] = [];
  const result = await demonstrate({
    server: { memory: true, port: 0 },
    directory: folder(t),
    loans: 100,
    http: 0,
    say: (text) => void said.push(text),
    done: () => {},
  });
  assert.ok(holds(result), JSON.stringify(result));
  assert.deepEqual(result.models, ["blue", "green"]);
  assert.ok(result.queries > 1 && result.events > 50);
  assert.match(said.join("\n"), /Ask at http:\/\/127\.0\.0\.1:\d+,/);
});

test("views – the rebuilt one equals the live one, and after a restart it is the live one", async (t) => {
  const { connectionString, desk } = await library(t);
  const directory = folder(t);
  await publish(desk, 0, 30);
  const models = await startReadModels(connectionString, directory);
  while (models.live.events() < 59) await sleep(5);
  const before = { ...models.live.all(), color: models.live.color };
  assert.equal(before.books.length, 30);
  await models.rebuild();
  assert.deepEqual({ ...models.live.all(), color: models.live.color }, { ...before, color: "green" });
  assert.equal(models.live.book("b29")?.["reader"], loanOf(29).reader);
  await models[Symbol.asyncDispose]();
  await using again = await startReadModels(connectionString, directory);
  assert.equal(again.live.color, "green");
  await publish(desk, 30, 31);
  while (again.live.events() < 61) await sleep(5);
  await again.rebuild();
  assert.deepEqual([again.live.color, again.live.events()], ["blue", 61]);
});

test("views – asked for a rebuild while one is under way, it is the same, and every event is in the rows once", async (t) => {
  const { connectionString, desk } = await library(t);
  await publish(desk, 0, 30);
  await using models = await startReadModels(connectionString, folder(t));
  while (models.live.events() < 59) await sleep(5);
  const before = models.live.all();
  const rebuilding = models.rebuild();
  assert.equal(models.rebuild(), rebuilding);
  await rebuilding;
  assert.deepEqual({ ...models.live.all(), color: models.live.color }, { ...before, color: "green" });
  await models.rebuild();
  assert.deepEqual({ ...models.live.all(), color: models.live.color }, { ...before, color: "blue" });
});

test("views – queries over HTTP: what is there, what is not, and what is no name", async (t) => {
  const { connectionString, desk } = await library(t);
  await publish(desk, 0, 1);
  await using models = await startReadModels(connectionString, folder(t));
  while (models.live.events() < 1) await sleep(5);
  await using http = await serveHttp(models, 0);
  const { book, reader } = loanOf(0);
  const asked = async (path: string) => {
    const response = await fetch(`${http.url}${path}`);
    return [response.status, response.ok ? await response.json() : undefined];
  };
  assert.deepEqual(await asked(`/books/${book}?from=somewhere`), [200, { book, reader, lent: 1 }]);
  assert.deepEqual(await asked("/books/none"), [404, undefined]);
  assert.deepEqual(await asked("/books/%ZZ"), [400, undefined]);
  await assert.rejects(serveHttp(models, Number(new URL(http.url).port)), PortInUse);
});

test("views – started to stay it says what came out and goes on answering; Ctrl-C stops it, and leaves nothing behind", async (t) => {
  const TMPDIR = process.env["TMPDIR"];
  t.after(() => (TMPDIR === undefined ? delete process.env["TMPDIR"] : (process.env["TMPDIR"] = TMPDIR)));
  const temporary = folder(t);
  process.env["TMPDIR"] = temporary;
  const sample = SampleProcess.start("views", "--loans", "60", "--stay");
  const [, url = ""] = await sample.said(/Ask at (\S+),/);
  await sample.said(/The rows are what the streams say/);
  await sample.said(/Ctrl-C stops/);
  assert.equal((await fetch(`${url}/readers/Ada`)).status, 200);
  const { code, stderr } = await sample.end("SIGINT");
  assert.equal(code, 0, stderr);
  assert.deepEqual(readdirSync(temporary), []);
});

test("views – checkpoint and rows are one transaction: killed before a commit and behind it, nothing is lost or doubled", async (t) => {
  const { connectionString, desk } = await library(t);
  const file = join(folder(t), "blue.db");
  let published = 0;
  const crashes = [
    ["before", "2"],
    ["behind", "1"],
    ["behind", "3"],
  ] as const;
  for (const [moment, commit] of crashes) {
    const program = join(import.meta.dirname, "crashing-process.ts");
    const args = ["--conditions=sluice-source", program, connectionString, file, moment, commit];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
    const ended = once(child, "exit");
    let isOver = false;
    void ended.then(() => (isOver = true));
    // New ones all the time, so that it has something to commit.
    while (!isOver) await publish(desk, published, ++published).then(() => sleep(50));
    assert.deepEqual(await ended, [null, "SIGKILL"]);
  }
  using model = openReadModel(file);
  const view = libraryView(model);
  const endpoint = await startEndpoint([component("catalog", (c) => c.view(view))], { connectionString });
  const events = 2 * published - 1;
  await endpoint.view(view).until((folded) => folded >= events);
  await endpoint.stop();
  const lent = model.all().readers.reduce((sum, { lent }) => sum + Number(lent), 0);
  const inHand = model.all().readers.reduce((sum, reader) => sum + Number(reader["inHand"]), 0);
  assert.deepEqual({ events: model.events(), lent, inHand }, { events, lent: published, inHand: 1 });
});

test("views – what the README shows is what happens", async () => {
  await using running = await startSystem({ memory: true, port: 0 }, [lending], {
    sender: "desk",
    say: (text) => assert.fail(text),
  });
  const { sender: desk, reading, connectionString } = running;
  const correlationId = "one-loan";
  await desk.send(LendBook, { book: "b1", reader: "Ada" }, { correlationId });
  while ((await reading.stream("book-b1")).length < 1) await sleep(10);
  await desk.send(ReturnBook, { book: "b1" }, { correlationId });
  while ((await reading.stream("book-b1")).length < 2) await sleep(10);
  checkFlow(join(import.meta.dirname, "../README.md"), await messageFlow(connectionString, correlationId));
});
