import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import { randomUUID } from "node:crypto";
import { test, type TestContext } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import { ConnectionClosedError } from "../../../src/event-store/errors.ts";
import {
  AccessDeniedError,
  CertificateNotTrustedError,
  ConnectionStringError,
  LoginRefusedError,
  ServerUnreachableError,
  ServerAnsweredError,
  StreamDeletedError,
  WrongExpectedRevisionError,
} from "../../../src/event-store/errors.ts";
import type { EventStore, ReadOptions } from "../../../src/event-store/event-store.ts";
import { openEventStore } from "../../../src/event-store/open-event-store.ts";
import { bytes, noted, openedStore, remove } from "./opened-store.ts";
import { relayTo } from "../../server/relay.ts";

const FORWARDS: ReadOptions = { from: "start", direction: "forwards", limit: 10, followsLinks: false };
const ADMIN = { login: "admin", password: "changeit" };

const readSome = (store: EventStore) => store.read({ all: true }, FORWARDS);

async function opened(t: TestContext, connectionString: string, credentials?: { login: string; password: string }) {
  const store = await openEventStore(connectionString, credentials);
  t.after(() => store.close());
  return store;
}

/** What it fails with: its class, and that the message holds neither a password nor the words of a command line. */
async function failure(call: Promise<unknown>, kind: abstract new (...args: never[]) => Error): Promise<string> {
  const error = await call.then(
    () => assert.fail("it did not fail"),
    (one: unknown) => one as Error,
  );
  assert.ok(error instanceof kind, `${error.name}: ${error.message}`);
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    assert.doesNotMatch(one.message, /s3cret|--connection/);
  }
  return error.message;
}

test("failing – nothing listens there", async (t) => {
  const message = await failure(readSome(await opened(t, "esdb://127.0.0.1:1?tls=false")), ServerUnreachableError);
  assert.match(
    message,
    /No server answers at 127\.0\.0\.1:1: .*ECONNREFUSED.*\. Start it, or correct the connection\./,
  );
  await failure(readSome(await opened(t, "esdb+discover://127.0.0.1:1,localhost:1?tls=false")), ServerUnreachableError);
  await failure((await opened(t, "esdb://nowhere.invalid:1?tls=false")).features(), ServerUnreachableError);
});

test("failing – a server with TLS asked without, and the other way round", async (t) => {
  const { server: secure } = await openedStore(t, { tls: true });
  const plain = await opened(t, `esdb://127.0.0.1:${secure.port}?tls=false`);
  assert.match(
    await failure(readSome(plain), ServerUnreachableError),
    /hangs up at once\. If it wants TLS, remove tls=false/,
  );
  const { server: insecure } = await openedStore(t);
  const tls = await opened(t, `esdb://127.0.0.1:${insecure.port}?tls=true`);
  assert.match(await failure(readSome(tls), ServerUnreachableError), /does not speak TLS\. Add tls=false/);
});

test("failing – a certificate that is not trusted, or for another name", async (t) => {
  const { server } = await openedStore(t, { tls: true });
  const stranger = await opened(t, `esdb://127.0.0.1:${server.port}`, ADMIN);
  assert.match(await failure(readSome(stranger), CertificateNotTrustedError), /is not trusted here: .*tlsCAFile/);
  const unverified = await opened(t, `esdb://127.0.0.1:${server.port}?tlsVerifyCert=false`, ADMIN);
  assert.ok((await readSome(unverified)).entries.length > 0);
  // The same machine by an address that the certificate does not name.
  const other = await opened(t, server.connectionString.replace("127.0.0.1", "0.0.0.0"), ADMIN);
  assert.match(await failure(readSome(other), CertificateNotTrustedError), /is for another name\. Connect by a name/);
});

test("failing – no login, a wrong password, a login that may not", async (t) => {
  const { server, store } = await openedStore(t, { tls: true }, ADMIN);
  await store.append("$$private", "any", [noted('{"$acl":{"$r":"$admins","$w":"$admins"}}', { type: "$metadata" })]);
  await store.append("private", "any", [noted("{}")]);
  const connection = (login: string, password: string) => opened(t, server.connectionString, { login, password });
  assert.match(
    await failure(readSome(await opened(t, server.connectionString)), LoginRefusedError),
    /wants a login\. Give/,
  );
  assert.match(
    await failure(readSome(await connection("admin", "s3cret")), LoginRefusedError),
    /refuses the login admin: .* Enter the password again\./,
  );
  const ops = await connection("ops", "changeit");
  assert.ok((await ops.features()).version.startsWith("23."));
  assert.match(
    await failure(ops.read({ stream: "private" }, FORWARDS), AccessDeniedError),
    /does not let ops do that with private\. Connect with a login that may\./,
  );
});

test("failing – wrong expected revisions tell where the stream is", async (t) => {
  const { server, store } = await openedStore(t);
  await store.append("at-1", "no-stream", [noted("0"), noted("1")]);
  const conflict = async (stream: string, expected: Parameters<EventStore["append"]>[1]) =>
    store.append(stream, expected, [noted("x")]).then(
      () => assert.fail("it was written"),
      (error: unknown) => {
        assert.ok(error instanceof WrongExpectedRevisionError);
        assert.match(error.message, /^Nothing was written: the stream .* Read it again, then write\.$/);
        return error.actual;
      },
    );
  assert.equal(await conflict("at-1", 0), 1);
  assert.equal(await conflict("at-1", "no-stream"), 1);
  assert.equal(await conflict("nowhere", 3), undefined);
  assert.equal(await store.append("at-1", 1, [noted("2")]), 2);
  await remove(server, "at-1", "tombstone");
  await assert.rejects(store.append("at-1", "any", [noted("3")]), StreamDeletedError);
  assert.match(
    await failure(store.append("big", "any", [noted("", { data: bytes("x".repeat(2_000_000)) })]), ServerAnsweredError),
    /takes at most 1048576 bytes at once/,
  );
});

test("failing – connection strings that cannot be used say where, and never repeat a password", async () => {
  for (const [connectionString, place] of [
    ["", /does not begin with esdb:/],
    ["http://host:2113", /does not begin with esdb:/],
    ["esdb://admin:s3cret@host:99999", /host in it is written neither/],
    ["esdb://admin:s3cret@", /host in it is written neither/],
    ["esdb://admin:12?s3cret@host:2113", /"\?" in the login or the password/],
    ["esdb://admin:s3cret?x@host", /"\?" in the login or the password/],
    ["esdb://admin:s3cret%zz@host", /not written as in a URL/],
  ] as const) {
    assert.match(await failure(openEventStore(connectionString), ConnectionStringError), place);
  }
});

test("failing – a file of the connection string that is not there", async (t) => {
  const store = await opened(t, "esdb://127.0.0.1:1?tlsCAFile=%2Fno%2Fsuch.pem");
  assert.match(await failure(store.features(), ConnectionStringError), /\/no\/such\.pem, tlsCAFile/);
});

test("failing – a server that does not say what it can", async (t) => {
  const { store } = await openedStore(t, { compat: 25 });
  const { version, methods } = await store.features();
  assert.match(version, /^25\./);
  assert.ok(methods.get("event_store.client.streams.streams/read")?.includes("events"));
});

test("failing – the server goes away while a page is read, and comes back", async (t) => {
  const first = await startEmbedded({ memory: true, port: 0 });
  t.after(() => first.stop());
  const relay = await relayTo(t, first.port);
  const store = await opened(t, `esdb://127.0.0.1:${relay.port}?tls=false`);
  const large = noted("{}", { metadata: bytes("x".repeat(1_000_000)) });
  for (let i = 0; i < 20; i++) await store.append("large", "any", [{ ...large, id: randomUUID() }]);
  const reading = store.read({ stream: "large" }, { ...FORWARDS, limit: 20 });
  relay.hangUpAfter(3_000_000);
  await failure(reading, ServerUnreachableError);
  relay.resume();
  assert.equal((await store.read({ stream: "large" }, { ...FORWARDS, limit: 20 })).entries.length, 20);
});

test("failing – aborting ends a call at once with the reason, whatever it waits for", async (t) => {
  // It takes connections and never says a word.
  const silent = createServer();
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  t.after(() => silent.close());
  const { port } = silent.address() as { port: number };
  for (const scheme of ["esdb", "esdb+discover"]) {
    const store = await opened(t, `${scheme}://127.0.0.1:${port}?tls=false`);
    const aborting = new AbortController();
    const reason = new Error("no longer wanted");
    const calls = [
      store.features(aborting.signal),
      store.read({ all: true }, { ...FORWARDS, signal: aborting.signal }),
      store.read({ stream: "any" }, { ...FORWARDS, signal: aborting.signal }),
    ];
    aborting.abort(reason);
    for (const call of calls) await assert.rejects(call, reason);
    await assert.rejects(store.features(aborting.signal), reason);
  }
});

test("failing – closing the connection ends what still runs, and refuses what comes", async (t) => {
  const { store } = await openedStore(t);
  const { signal } = new AbortController();
  const notes = store.subscribe({ all: true }, { after: "start", followsLinks: false, signal });
  const ended = assert.rejects(async () => {
    for await (const { kind } of notes) if (kind === "caught-up") store.close();
  }, ConnectionClosedError);
  await ended;
  await assert.rejects(readSome(store), ConnectionClosedError);
  await assert.rejects(store.features(), ConnectionClosedError);
  store.close();
});
