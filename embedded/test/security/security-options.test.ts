import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test, type TestContext } from "node:test";
import { AccessDeniedError, EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { initialPasswordsFrom } from "../../src/security/initial-passwords.ts";
import { parseCliOptions, USAGE, UsageError } from "../../src/cli/options.ts";
import { type Embedded, type EmbeddedOptions, type ServerNote, startEmbedded } from "../../src/index.ts";
import { CertificateUnusableError } from "../../src/security/certificate-errors.ts";
import { generateCertificate } from "../../src/security/generated-certificate.ts";
import { ExposedWithoutSecurityError } from "../../src/security/exposed-without-security.ts";
import { all } from "../grpc/running-server.ts";
import { basic, callUsers, clientAs } from "./secure-server.ts";

const directories: string[] = [];
// Behind all tests: a server still has its files when its own test ends.
after(() => Promise.all(directories.map((path) => rm(path, { recursive: true, force: true }))));

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "sluice-test-"));
  directories.push(path);
  return path;
}

async function started(t: TestContext, options: EmbeddedOptions): Promise<Embedded> {
  const server = await startEmbedded(options);
  t.after(() => server.stop());
  return server;
}

const event = () => jsonEvent({ type: "Happened", data: { n: 1 } });
const outside = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === "IPv4" && !address.internal)?.address;

for (const host of ["0.0.0.0", "::", "203.0.113.7", "example.com"]) {
  test(`security – ${host} is not listened on without security unless that is asked for`, async () => {
    await assert.rejects(startEmbedded({ memory: true, port: 0, host }), (error) => {
      assert.ok(error instanceof ExposedWithoutSecurityError);
      assert.equal(error.host, host);
      assert.match(error.message, /--tls .*127\.0\.0\.1.*--insecure/);
      return true;
    });
  });
}

test("security – refused before anything is touched", async () => {
  const data = join(await directory(), "never-made");
  await assert.rejects(startEmbedded({ data, port: 0, host: "0.0.0.0" }), ExposedWithoutSecurityError);
  await assert.rejects(stat(data));
});

test("security – without it, everywhere, where that is asked for", async (t) => {
  const server = await started(t, { memory: true, port: 0, host: "0.0.0.0", insecure: true });
  assert.equal(server.connectionString, `esdb://127.0.0.1:${server.port}?tls=false`);
  const client = clientAs(t, server, "");
  await client.appendToStream("s", event());
});

test("security – insecure and TLS at once is a mistake", async () => {
  const both = { memory: true, port: 0, insecure: true, tls: true } as unknown as EmbeddedOptions;
  await assert.rejects(startEmbedded(both), TypeError);
});

test("security – insecure: false is as good as tls: true", async (t) => {
  const server = await started(t, { memory: true, port: 0, insecure: false });
  await assert.rejects(clientAs(t, server, "").appendToStream("s", event()), AccessDeniedError);
  await clientAs(t, server, "admin").appendToStream("s", event());
});

test("security – a client that does not know the certificate does not talk to the server", async (t) => {
  const server = await started(t, { memory: true, port: 0, tls: true });
  const stranger = EventStoreDBClient.connectionString(`esdb://admin:changeit@127.0.0.1:${server.port}?tls=true`);
  t.after(() => stranger.dispose());
  await assert.rejects(stranger.appendToStream("s", event()), /UNAVAILABLE|certificate|unable/i);
  const plain = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${server.port}?tls=false`);
  t.after(() => plain.dispose());
  await assert.rejects(plain.appendToStream("s", event()));
});

test("security – certificate, users and passwords survive a restart, and the certificate is the same", async (t) => {
  const data = await directory();
  const first = await startEmbedded({ data, port: 0, tls: true });
  assert.equal(first.tlsCAFile, join(data, "certificates", "ca.crt"));
  const authority = await readFile(first.tlsCAFile!);
  await clientAs(t, first, "admin").appendToStream("s", event());
  const reset = { loginName: "admin", newPassword: "better" };
  assert.equal((await callUsers(first, "resetPassword", reset, basic("admin"))).error, undefined);
  await first.stop();
  const second = await started(t, { data, port: 0, tls: true });
  assert.deepEqual(await readFile(second.tlsCAFile!), authority);
  assert.equal((await all(clientAs(t, second, "admin", "better").readStream("s"))).length, 1);
  await assert.rejects(all(clientAs(t, second, "admin").readStream("s")), AccessDeniedError);
});

test("security – a data directory that was open can be closed, and opened again", async (t) => {
  const data = await directory();
  const open = await startEmbedded({ data, port: 0 });
  await clientAs(t, open, "").appendToStream("s", event());
  await open.stop();
  const closed = await startEmbedded({ data, port: 0, tls: true });
  assert.equal((await all(clientAs(t, closed, "admin").readStream("s"))).length, 1);
  await closed.stop();
  const again = await started(t, { data, port: 0 });
  assert.equal((await all(clientAs(t, again, "").readStream("s"))).length, 1);
});

test("security – a certificate that is given is shown", async (t) => {
  const folder = await directory();
  const files = { cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  const made = await generateCertificate(["127.0.0.1"], Date.now());
  await writeFile(files.cert, made.chain);
  await writeFile(files.key, made.key);
  await writeFile(join(folder, "ca.pem"), made.authority);
  const server = await started(t, { memory: true, port: 0, tls: files });
  assert.equal(server.tlsCAFile, undefined);
  assert.equal(server.connectionString, `esdb://127.0.0.1:${server.port}?tls=true`);
  const known = `${server.connectionString}&tlsCAFile=${encodeURIComponent(join(folder, "ca.pem"))}`;
  await clientAs(t, { ...server, connectionString: known }, "admin").appendToStream("s", event());
});

test("security – a certificate that is no use keeps the server from starting, and its directory free", async (t) => {
  const data = await directory();
  const tls = { cert: join(data, "none.pem"), key: join(data, "none.key") };
  await assert.rejects(startEmbedded({ data: join(data, "d"), port: 0, tls }), CertificateUnusableError);
  await started(t, { data: join(data, "d"), port: 0 });
});

test("security – the first passwords come from the environment, and are written nowhere", async (t) => {
  const data = await directory();
  process.env["EVENTSTORE_DEFAULT_ADMIN_PASSWORD"] = "pass of admin";
  process.env["EVENTSTORE_DEFAULT_OPS_PASSWORD"] = "pass of ops";
  t.after(() => {
    delete process.env["EVENTSTORE_DEFAULT_ADMIN_PASSWORD"];
    delete process.env["EVENTSTORE_DEFAULT_OPS_PASSWORD"];
  });
  const server = await started(t, { data, port: 0, tls: true });
  await assert.rejects(clientAs(t, server, "admin").appendToStream("s", event()), AccessDeniedError);
  const admin = clientAs(t, server, "admin", "pass of admin");
  await admin.appendToStream("s", event());
  await clientAs(t, server, "ops", "pass of ops").appendToStream("s", event());
  const everything = JSON.stringify(await all(admin.readAll()), (_key, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  assert.ok(!everything.includes("pass of"));
});

test("security – the first passwords are those that KurrentDB's variables say, which win", () => {
  const environment = {
    KURRENTDB_DEFAULT_ADMIN_PASSWORD: "k",
    EVENTSTORE_DEFAULT_ADMIN_PASSWORD: "e",
    KURRENTDB_DEFAULT_OPS_PASSWORD: "",
    EVENTSTORE_DEFAULT_OPS_PASSWORD: "o",
  };
  assert.deepEqual(initialPasswordsFrom(environment), { admin: "k", ops: "o" });
  assert.deepEqual(initialPasswordsFrom({}), { admin: "changeit", ops: "changeit" });
});

test(
  "security – a default password is noted where others can reach the server",
  { skip: outside === undefined },
  async (t) => {
    const notes: ServerNote[] = [];
    const onNote = (note: ServerNote) => notes.push(note);
    const server = await started(t, { memory: true, port: 0, tls: true, host: outside!, onNote });
    assert.deepEqual(notes, [{ event: "default-passwords", logins: ["admin", "ops"] }]);
    await clientAs(t, server, "admin").appendToStream("s", event());
    await started(t, { memory: true, port: 0, tls: true, onNote });
    assert.equal(notes.length, 1);
  },
);

test(
  "security – listening everywhere, the certificate is for every address",
  { skip: outside === undefined },
  async (t) => {
    const server = await started(t, { memory: true, port: 0, tls: true, host: "0.0.0.0" });
    for (const host of ["127.0.0.1", "localhost", outside!]) {
      const connectionString = server.connectionString.replace("127.0.0.1", host);
      await clientAs(t, { ...server, connectionString }, "admin").appendToStream("s", event());
    }
  },
);

const cli = (...args: string[]) => {
  const options = parseCliOptions(["--memory", ...args]);
  assert.ok(options !== "help");
  return options.embedded;
};

test("command line – security by its options", () => {
  assert.deepEqual(cli(), { memory: true });
  assert.deepEqual(cli("--insecure"), { memory: true, insecure: true });
  assert.deepEqual(cli("--tls"), { memory: true, tls: true });
  const tls = { cert: "c", key: "k" };
  assert.deepEqual(cli("--cert", "c", "--key", "k"), { memory: true, tls });
  assert.deepEqual(cli("--tls", "--cert", "c", "--key", "k"), { memory: true, tls });
});

test("command line – contradictions and halves are refused", () => {
  for (const args of [
    ["--insecure", "--tls"],
    ["--insecure", "--cert", "c", "--key", "k"],
    ["--cert", "c"],
    ["--key", "k"],
    ["--cert", "", "--key", "k"],
  ]) {
    assert.throws(() => cli(...args), UsageError, args.join(" "));
  }
});

test("command line – the help says how to close the server", () => {
  for (const word of ["--tls", "--cert FILE", "--key FILE", "--insecure", "EVENTSTORE_DEFAULT_ADMIN_PASSWORD"]) {
    assert.ok(USAGE.includes(word), word);
  }
});
