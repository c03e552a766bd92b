import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { connect } from "node:tls";
import { EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { parseCliOptions } from "../../src/cli/options.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { generateCertificate } from "../../src/security/generated-certificate.ts";
import { runningServer } from "../grpc/running-server.ts";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

function run(t: TestContext, ...args: string[]) {
  const child = spawn(process.execPath, ["--conditions=sluice-source", main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  let errors = "";
  child.stderr.on("data", (text) => {
    errors += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, "close");
  return {
    child,
    line: async () => String((await lines.next()).value),
    end: async () => ({ code: (await ended)[0] as number | null, errors }),
  };
}

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  test(`cli – listens, serves, and stops cleanly on ${signal}`, async (t) => {
    const data = await mkdtemp(join(tmpdir(), "sluice-cli-"));
    t.after(() => rm(data, { recursive: true, force: true }));
    const { child, line, end } = run(t, "--port", "0", "--data", join(data, "new"));
    let first = await line();
    // A busy disk may be noted before.
    while (/^\d\d:\d\d:\d\d /.test(first)) first = await line();
    const port = /^listening on 127\.0\.0\.1:(\d+)$/.exec(first)?.[1];
    assert.ok(port, first);
    const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
    await client.appendToStream("s", jsonEvent({ type: "T", data: {} }));
    child.kill(signal);
    assert.deepEqual(await end(), { code: 0, errors: "" });
    await client.dispose();
  });
}

test("cli – stops cleanly when the program that has started it hangs up", async (t) => {
  const child = spawn(process.execPath, ["--conditions=sluice-source", main, "--port", "0", "--memory", "--json"], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  t.after(() => child.kill("SIGKILL"));
  assert.ok(child.stdout !== null);
  const events: unknown[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const { event } = JSON.parse(line) as { event: string };
    events.push(event);
    if (event === "listening") child.disconnect();
  }
  assert.deepEqual(events, ["listening", "stopping", "stopped"]);
});

test("cli – a certificate that was renewed is shown after SIGHUP, and one that is no use is not", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-cli-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [cert, key, ca] = ["cert.pem", "key.pem", "ca.pem"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const renew = async () => {
    const made = await generateCertificate(["127.0.0.1"], Date.now());
    await writeFile(key, made.key);
    await writeFile(cert, made.chain);
    await writeFile(ca, made.authority);
    return new X509Certificate(made.chain).fingerprint256;
  };
  const first = await renew();
  const { child, line, end } = run(t, "--memory", "--port", "0", "--json", "--cert", cert, "--key", key);
  const { port } = JSON.parse(await line()) as { port: number };
  const shown = async () => {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
    await once(socket, "secureConnect");
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  };
  const said = async () => (JSON.parse(await line()) as { event: string }).event;
  const tls = `tls=true&tlsCAFile=${encodeURIComponent(ca)}`;
  const client = EventStoreDBClient.connectionString(`esdb://admin:changeit@127.0.0.1:${port}?${tls}`);
  t.after(() => client.dispose());
  const append = () => client.appendToStream("s", jsonEvent({ type: "T", data: {} }));
  await append();
  assert.equal(await shown(), first);
  const second = await renew();
  child.kill("SIGHUP");
  assert.equal(await said(), "certificate-read");
  assert.equal(await shown(), second);
  await writeFile(cert, "half a certif");
  child.kill("SIGHUP");
  assert.equal(await said(), "certificate-refused");
  assert.equal(await shown(), second);
  // Whoever was there stays.
  await append();
  child.kill("SIGTERM");
  assert.equal((await end()).code, 0);
});

test("cli – with --json every line is an object", async (t) => {
  const { child, line, end } = run(t, "--port", "0", "--memory", "--json");
  const listening = JSON.parse(await line()) as { event: string; port: number; connectionString: string };
  assert.equal(listening.event, "listening");
  assert.equal(listening.connectionString, `esdb://127.0.0.1:${listening.port}?tls=false`);
  child.kill("SIGTERM");
  const { time, ...stopping } = JSON.parse(await line()) as { time: string };
  assert.deepEqual(stopping, { event: "stopping", signal: "SIGTERM" });
  assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000, time);
  assert.equal(JSON.parse(await line()).event, "stopped");
  assert.equal((await end()).code, 0);
});

test("cli – a port in use and a directory that is none are said in one line, with exit code 1", async (t) => {
  const { server } = await runningServer(t);
  const taken = await run(t, "--memory", "--port", String(server.port)).end();
  assert.equal(taken.code, 1);
  assert.match(taken.errors, /^Port \d+ on 127\.0\.0\.1 is in use\. .*--port\.\n$/);
  const data = await mkdtemp(join(tmpdir(), "sluice-cli-"));
  t.after(() => rm(data, { recursive: true, force: true }));
  await writeFile(join(data, "file"), "x");
  const broken = await run(t, "--data", join(data, "file"), "--port", "0").end();
  assert.equal(broken.code, 1);
  assert.match(broken.errors, /^[^\n]*--data\.\n$/);
});

test("cli – --help shows the options", async (t) => {
  const { line, end } = run(t, "--help");
  assert.match(await line(), /sluice-embedded/);
  assert.equal((await end()).code, 0);
});

test("cli – --version says which version was installed, and starts nothing", async (t) => {
  const { line, end } = run(t, "--memory", "--version");
  assert.match(await line(), /^\d+\.\d+\.\d+$/);
  assert.deepEqual(await end(), { code: 0, errors: "" });
});

for (const [args, about] of [
  [[], /--data DIR.*--memory/],
  [["--data"], /--data/],
  [["--data", ""], /--data needs/],
  [["--memory", "--port", "65536"], /0 to 65535, not "65536"/],
  [["--memory", "--port", "2113x"], /not "2113x"/],
  [["--memory", "--host", ""], /--host needs/],
  [["--memory", "--max-projection-state-size", "0"], /bytes, such as 16777216, not "0"/],
  [["--memory", "--run-projections=None"], /always run here.*not "None"/],
  [["--memory", "--what"], /--what'\. --help/],
  [["--memory", "--max-apend-size", "1"], /--max-apend-size'\. Did you mean --max-append-size\? --help/],
  [["--mem-bd"], /Did you mean --mem-db\?/],
  [["--memory", "--max-append-size", "16777217"], /up to 16777216, not "16777217"/],
  [["--memory=yes"], /true or false, not "yes"/],
  [["--memory", "--port", "--json"], /^Option '--port' argument is ambiguous\. --help shows what there is\.$/],
  [["--memory", "esdb://admin:p@ss:w@h:1"], /^Unexpected argument 'esdb:\/\/admin:…@h:1'/],
  [["--memory", "extra"], /extra.*--help/],
] as const) {
  test(`cli – ${JSON.stringify(args.join(" "))} is refused with a sentence`, () => {
    assert.throws(
      () => parseCliOptions(args),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, about);
        return true;
      },
    );
  });
}

test("cli – options are what they say", () => {
  assert.deepEqual(parseCliOptions(["--memory"]), { embedded: { memory: true }, json: false });
  const asUsual = ["--mem-db", "--insecure", "--run-projections", "All"];
  assert.deepEqual(parseCliOptions(asUsual), { embedded: { memory: true, insecure: true }, json: false });
  assert.deepEqual(parseCliOptions(["--data", "d", "--port", "0", "--host", "::1", "--json"]), {
    embedded: { data: "d", port: 0, host: "::1" },
    json: true,
  });
  assert.deepEqual(parseCliOptions(["--memory", "--max-projection-state-size", "1000"]), {
    embedded: { memory: true, maxProjectionStateSize: 1000 },
    json: false,
  });
  assert.equal(parseCliOptions(["-h"]), "help");
});

test("cli – options under the real server's names, typed or in the environment, are understood", () => {
  const read = (args: readonly string[], environment = {}) => {
    const options = parseCliOptions(args, environment);
    return options === "help" ? options : options.embedded;
  };
  const theirs = ["--mem-db", "--node-port=0", "--start-standard-projections=false", "--max-append-size", "2000"];
  const embedded = { memory: true, port: 0, startStandardProjections: false, maxAppendSize: 2000 };
  assert.deepEqual(read([...theirs, "--insecure"]), { ...embedded, insecure: true });
  assert.deepEqual(read(["--db", "d", "--node-ip=::1", "--start-standard-projections", "true"]), {
    data: "d",
    host: "::1",
  });
  const environment = {
    EVENTSTORE_MEM_DB: "true",
    KURRENTDB_NODE_PORT: "0",
    EVENTSTORE_NODE_PORT: "1",
    EVENTSTORE_START_STANDARD_PROJECTIONS: "False",
    EVENTSTORE_MAX_APPEND_SIZE: "2000",
    EVENTSTORE_CLUSTER_SIZE: "1",
  };
  assert.deepEqual(read([], environment), embedded);
  assert.deepEqual(read(["--data", "d", "--port", "7"], environment), {
    data: "d",
    port: 7,
    startStandardProjections: false,
    maxAppendSize: 2000,
  });
  const secured = { EVENTSTORE_INSECURE: "true" };
  assert.deepEqual(read(["--memory", "--tls"], secured), { memory: true, tls: true });
});

test("cli – what is typed wins over the environment also where it says no, and the last of two counts", () => {
  const read = (args: readonly string[], environment = {}) => {
    const options = parseCliOptions(args, environment);
    return options === "help" ? options : options.embedded;
  };
  const theirs = { EVENTSTORE_MEM_DB: "true", EVENTSTORE_INSECURE: "true" };
  assert.deepEqual(read(["--insecure=false"], theirs), { memory: true, tls: true });
  assert.deepEqual(read(["--mem-db", "false", "--insecure"], { ...theirs, EVENTSTORE_DB: "d" }), {
    data: "d",
    insecure: true,
  });
  assert.deepEqual(read(["--memory", "--memory=false", "--db=d"]), { data: "d" });
  assert.deepEqual(read([], { EVENTSTORE_MEM_DB: "true", EVENTSTORE_INSECURE: "false" }), { memory: true, tls: true });
});

test("cli – memory wins over a directory, as on the real server, and it is said which directory is not used", async (t) => {
  const both = { EVENTSTORE_DB: "d", EVENTSTORE_MEM_DB: "true" };
  const inMemory = { embedded: { memory: true }, unusedData: "d", json: false };
  assert.deepEqual(parseCliOptions([], both), inMemory);
  assert.deepEqual(parseCliOptions(["--db=d", "--mem-db"]), inMemory);
  const directory = join(tmpdir(), "sluice-cli-never-made");
  const { child, line, end } = run(t, "--port", "0", "--mem-db", "--db", directory);
  assert.match(await line(), /kept in memory.*sluice-cli-never-made is not used/);
  assert.match(await line(), /^listening on /);
  child.kill("SIGTERM");
  assert.equal((await end()).code, 0);
  assert.equal(existsSync(directory), false);
});

test("cli – an empty variable says nothing, and a wrong one is named", () => {
  const empty = {
    EVENTSTORE_DB: "",
    KURRENTDB_NODE_PORT: "",
    EVENTSTORE_NODE_PORT: "7",
    EVENTSTORE_CERTIFICATE_FILE: "",
  };
  assert.deepEqual(parseCliOptions(["--memory"], empty), { embedded: { memory: true, port: 7 }, json: false });
  assert.throws(
    () => parseCliOptions([], { EVENTSTORE_MEM_DB: "1" }),
    /not "1"\. --memory is from EVENTSTORE_MEM_DB\.$/,
  );
  assert.throws(
    () => parseCliOptions(["--mem-db"], { KURRENTDB_NODE_PORT: "x" }),
    /--port is from KURRENTDB_NODE_PORT\.$/,
  );
  assert.equal(parseCliOptions(["--help"], { EVENTSTORE_MEM_DB: "1" }), "help");
});

test("cli – a server started as one would start the real one keeps to what it was told", async (t) => {
  const { child, line, end } = run(
    t,
    "--mem-db",
    "--node-port=0",
    "--start-standard-projections=false",
    "--json",
    "--max-append-size=2000",
  );
  const { connectionString } = JSON.parse(await line()) as { connectionString: string };
  const client = EventStoreDBClient.connectionString(connectionString);
  const projections = await client.listProjections();
  assert.deepEqual([...new Set(projections.map(({ status }) => status))], ["Stopped"]);
  assert.equal(projections.length, 5);
  const event = (length: number) => jsonEvent({ type: "T", data: "x".repeat(length - 2) });
  await client.appendToStream("s", event(2000));
  const tooLarge = { type: "maximum-append-size-exceeded", maxAppendSize: 2000 };
  await assert.rejects(client.appendToStream("s", event(2001)), tooLarge);
  const credentials = { username: "admin", password: "changeit" };
  await assert.rejects(client.appendToStream("s", event(2001), { credentials }), tooLarge);
  await client.enableProjection("$by_category");
  await client.appendToStream("c-1", event(10));
  for (;;) {
    const found = client.readStream("$ce-c");
    try {
      for await (const { link } of found) assert.equal(link?.streamId ?? "$ce-c", "$ce-c");
      break;
    } catch (error) {
      assert.equal((error as { type?: string }).type, "stream-not-found");
    }
  }
  await client.dispose();
  child.kill("SIGTERM");
  assert.equal((await end()).code, 0);
});
