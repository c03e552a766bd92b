import assert from "node:assert/strict";
import { createServer } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { atEnd } from "../../clients/official-client.ts";
import { runningServer } from "../../grpc/running-server.ts";
import { secureServer } from "../../security/secure-server.ts";
import { directoryFor } from "../directory-for.ts";
import { running } from "../running-command.ts";

/** Exports from where each connection string leads, all at once; what each has said last, and its exit code. */
async function exporting(t: TestContext, connections: readonly string[]) {
  const directory = directoryFor(t);
  return Promise.all(
    connections.map(async (connection, i) => {
      const to = join(directory, `${i}.ndjson`);
      const { code, errors, lines } = await running(t, "export", "--connection", connection, "--to", to).end();
      return { code, said: (code === 0 ? lines : errors.trimEnd().split("\n")).at(-1)! };
    }),
  );
}

test("connecting – over TLS, by whom the certificate and the login let", async (t) => {
  const server = await secureServer();
  atEnd(t, () => server.stop());
  const at = `${server.host}:${server.port}`;
  const known = `tlsCAFile=${encodeURIComponent(server.tlsCAFile!)}`;
  const said = await exporting(t, [
    `esdb://admin:changeit@${at}?${known}`,
    `kurrentdb+discover://admin:changeit@${at}?${known}`,
    `esdb://admin:changeit@${at}?tlsVerifyCert=false`,
    `esdb://admin:changeit@${at}`,
    `esdb://admin:changeit@${at}?tlsCAFile=${encodeURIComponent(join(import.meta.dirname, "none.crt"))}`,
    `esdb://admin:guess@${at}?${known}`,
    `esdb://${at}?${known}`,
    `esdb://admin:changeit@${at}?tls=false`,
  ]);
  const wanted = [
    [0, /^left out: users and passwords;/],
    [0, /^left out: users and passwords;/],
    [0, /^left out: users and passwords;/],
    [
      1,
      /No server answers on .*: unable to verify the first certificate\. Name the file .*, tlsCAFile, in --connection\.$/,
    ],
    [2, /none\.crt, tlsCAFile in the connection string, cannot be read/],
    [1, /does not take this user and password\. Correct them in --connection\.$/],
    [1, /does not let this login do that/],
    [1, /No server answers on .*: Failed to connect\. If it has TLS, take tls=false out of --connection\.$/],
  ] as const;
  for (const [i, [code, about]] of wanted.entries()) {
    assert.equal(said[i]!.code, code, said[i]!.said);
    assert.match(said[i]!.said, about);
  }
});

test("connecting – finds the server that leads among several, and says where it found none", async (t) => {
  const { server } = await runningServer(t);
  // Taken by nobody who answers, for as long as the test runs.
  const silent = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  atEnd(t, () => silent.close());
  const none = `127.0.0.1:${(silent.address() as { port: number }).port}`;
  const there = `127.0.0.1:${server.port}`;
  const said = await exporting(t, [
    `esdb+discover://${there}?tls=false`,
    `esdb://${none},${there}?tls=false`,
    `esdb://${none}?tls=false`,
    `esdb+discover://${none}?tls=false`,
  ]);
  assert.deepEqual(
    said.map(({ code }) => code),
    [0, 0, 1, 1],
  );
  for (const { said: text } of said.slice(2)) assert.ok(text.startsWith(`No server answers on ${none}: `), text);
});
