import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { suite, test, type TestContext } from "node:test";
import { setTimeout } from "node:timers/promises";
import { connect, parseConnectionString, serverFeaturesService } from "@sluice/embedded/client";
import { embeddedCommand, type EmbeddedSettings } from "../../../src/embedded-server/embedded-command.ts";
import { EmbeddedCommandError, EmbeddedStartError } from "../../../src/embedded-server/embedded-errors.ts";
import { EmbeddedServer } from "../../../src/embedded-server/embedded-server.ts";
import { type ServerProcess, startServerProcess } from "../../../src/embedded-server/server-process.ts";
import { emitter } from "../connections/fake-vscode.ts";

const MAIN = join(import.meta.dirname, "../../../../embedded/src/cli/main.ts");
const COMMAND = [process.execPath, "--conditions=sluice-source", MAIN];
const MEMORY: EmbeddedSettings = {
  command: COMMAND,
  memory: true,
  dataDirectory: "",
  port: 0,
  folders: [],
  storage: "",
};

/** The embedded server as the extension runs it, on the real command line. */
function embedded(t: TestContext, settings: EmbeddedSettings = MEMORY) {
  const lines: string[] = [];
  const states: string[] = [];
  const processes: ServerProcess[] = [];
  const ended = Promise.withResolvers<string>();
  const changes = emitter<void>();
  const server: EmbeddedServer = new EmbeddedServer({
    name: "embedded server",
    changes,
    async startProcess(signal) {
      const command = await embeddedCommand(settings, process.env);
      const started = await startServerProcess(command, (line) => lines.push(line), signal);
      processes.push(started);
      return started;
    },
    onEnded: ({ message }) => ended.resolve(message),
  });
  changes.event(() => states.push(server.state));
  t.after(() => server.stop());
  return { server, lines, states, processes, ended: ended.promise };
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function isListening(port: number): Promise<boolean> {
  const socket = createConnection(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function versionAt(connectionString: string): Promise<string> {
  const client = await connect(parseConnectionString(connectionString));
  try {
    const { eventStoreServerVersion } = await client.unary(
      serverFeaturesService,
      serverFeaturesService.methods.getSupportedMethods,
      {},
    );
    return eventStoreServerVersion;
  } finally {
    client.close();
  }
}

suite("embedded server – as the extension runs it", { concurrency: false }, () => {
  test("a command that is no list is refused in a sentence, and not run by its first letter", async () => {
    for (const command of ["npx sluice-embedded", ["npx", 7], { program: "npx" }]) {
      await assert.rejects(embeddedCommand({ ...MEMORY, command: command as never }, {}), EmbeddedCommandError);
    }
  });

  test("is a connection while it runs, and answers there", async (t) => {
    const { server, states, processes } = embedded(t);
    const connections = () => server.all;
    assert.deepEqual(connections(), []);
    await Promise.all([server.start(), server.start()]);
    const [connection] = connections();
    assert.ok(connection);
    assert.deepEqual([connection.id, connection.origin, connection.policy], ["embedded", "embedded", "read-write"]);
    assert.match(await versionAt(connection.connectionString), /^23\./);
    await server.stop();
    assert.deepEqual(connections(), [{ ...connection, isStopped: true }]);
    assert.deepEqual(states, ["starting", "running", "stopping", "stopped"]);
    assert.deepEqual(
      processes.map(({ pid }) => isAlive(pid)),
      [false],
    );
  });

  test("keeps its data where it is told to", async (t) => {
    const storage = await mkdtemp(join(tmpdir(), "sluice-embedded-"));
    t.after(() => rm(storage, { recursive: true, force: true }));
    const { server } = embedded(t, { ...MEMORY, memory: false, storage });
    await server.start();
    await server.stop();
    const second = embedded(t, { ...MEMORY, memory: false, dataDirectory: "embedded", folders: [storage] });
    await second.server.start();
    const third = embedded(t, { ...MEMORY, memory: false, dataDirectory: join(storage, "embedded") });
    // The one that has it is named by the server itself: the folder was the same.
    await assert.rejects(third.server.start(), (error: Error) => {
      assert.ok(error instanceof EmbeddedStartError);
      assert.match(error.message, /in use/);
      return true;
    });
    assert.equal(third.server.state, "stopped");
  });

  test("that dies is told of once, and can be started again", async (t) => {
    const { server, processes, ended, states } = embedded(t);
    await server.start();
    process.kill(processes[0]!.pid, "SIGKILL");
    assert.match(await ended, /SIGKILL/);
    const [connection] = server.all;
    assert.deepEqual([server.state, server.all.length, connection?.isStopped], ["stopped", 1, true]);
    await server.start();
    assert.deepEqual(states, ["starting", "running", "stopped", "starting", "running"]);
  });

  test("is stopped while it starts", async (t) => {
    const { server, processes } = embedded(t);
    const starting = server.start();
    await server.stop();
    await assert.rejects(starting, { name: "AbortError" });
    assert.deepEqual([server.state, processes.length], ["stopped", 0]);
  });

  test("a program that is not there, and one that is something else, are told apart from a server", async (t) => {
    const missing = embedded(t, { ...MEMORY, command: [join(tmpdir(), "sluice-no-such-program")] });
    await assert.rejects(missing.server.start(), /did not start: .*ENOENT/);
    const other = embedded(t, { ...MEMORY, command: [process.execPath, "-e", "console.error('not me')", "--"] });
    await assert.rejects(other.server.start(), /did not start: not me/);
  });

  test("ends with the program that has started it, however that ended", async (t) => {
    const starter = `
      import { startServerProcess } from ${JSON.stringify(join(import.meta.dirname, "../../../src/embedded-server/server-process.ts"))};
      const [program, ...args] = ${JSON.stringify([...COMMAND, "--json", "--memory", "--port", "0"])};
      const { pid, connectionString } = await startServerProcess({ program, args, environment: process.env }, () => {}, new AbortController().signal);
      console.log(JSON.stringify({ pid, connectionString }));
    `;
    const parent = spawn(process.execPath, ["--conditions=sluice-source", "--input-type=module", "-e", starter], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
    const { pid, connectionString } = JSON.parse(line) as { pid: number; connectionString: string };
    t.after(() => isAlive(pid) && process.kill(pid, "SIGKILL"));
    const { port } = new URL(connectionString.replace(/^esdb/, "http"));
    assert.ok(await isListening(Number(port)));
    parent.kill("SIGKILL");
    // Nobody tells when a process ends that is not one's own child, so it is asked until it does not answer.
    while (await isListening(Number(port))) await setTimeout(20);
  });
});
