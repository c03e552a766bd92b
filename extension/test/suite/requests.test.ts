import assert from "node:assert/strict";
import { Socket as UdpSocket } from "node:dgram";
import { Socket } from "node:net";
import { commands, extensions, languages, Uri, window, workspace } from "vscode";

const { host: SERVER } = new URL(process.env["SLUICE_TEST_SERVER"]!.replace("esdb:", "http:"));

/** Where the process has connected to since, `host:port` each; whatever asks for something over a network gets here. */
function recordedConnections(): { readonly hosts: ReadonlySet<string>; stop(): void } {
  const hosts = new Set<string>();
  const { connect } = Socket.prototype;
  const { send } = UdpSocket.prototype;
  Socket.prototype.connect = function (this: Socket, ...given: unknown[]) {
    // Node's own modules hand over what they have put in order already, as a list in the first place.
    const [first, second] = (Array.isArray(given[0]) ? given[0] : given) as readonly unknown[];
    const { path, host, port } =
      typeof first === "object" && first !== null
        ? (first as { readonly path?: string; readonly host?: string; readonly port?: unknown })
        : { path: undefined, host: second, port: first };
    // A path is a pipe of this machine: VS Code's own way to its other processes.
    if (path === undefined || path === null) hosts.add(`${String(host ?? "localhost")}:${String(port)}`);
    return Reflect.apply(connect, this, given);
  } as typeof connect;
  UdpSocket.prototype.send = function (this: UdpSocket, ...given: unknown[]) {
    hosts.add(`udp ${given.slice(1).join(" ")}`);
    return Reflect.apply(send, this, given);
  } as typeof send;
  return {
    hosts,
    stop() {
      Socket.prototype.connect = connect;
      UdpSocket.prototype.send = send;
    },
  };
}

/** Declares a connection to the test's server in the workspace, and resolves with its id once it is known. */
async function sharedConnection(folder: Uri): Promise<string> {
  const file = Uri.joinPath(folder, ".vscode", "sluice.json");
  const { promise, resolve } = Promise.withResolvers<void>();
  const listener = languages.onDidChangeDiagnostics(() => {
    if (languages.getDiagnostics(file).length > 0) resolve();
  });
  // An option that there is not makes a problem, by which is seen that the file was read.
  const connectionString = `${process.env["SLUICE_TEST_SERVER"]!}&unknown=1`;
  const text = JSON.stringify({ connections: [{ name: "given", connectionString }] });
  await workspace.fs.writeFile(file, new TextEncoder().encode(text));
  await promise;
  listener.dispose();
  return `${file.toString()}#given`;
}

/** Resolves once an editor of this title is there. */
async function tabOf(title: RegExp): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => title.test(label)))) resolve();
  };
  const listener = window.tabGroups.onDidChangeTabs(look);
  look();
  await promise;
  listener.dispose();
}

suite("requests", () => {
  const folder = workspace.workspaceFolders![0]!.uri;

  suiteTeardown(async () => {
    await commands.executeCommand("workbench.action.closeAllEditors");
    await workspace.fs.delete(Uri.joinPath(folder, ".vscode"), { recursive: true });
  });

  test("none leaves for anything but the connection that was given", async () => {
    const recorded = recordedConnections();
    try {
      await extensions.getExtension("sluice.sluice-vscode")!.activate();
      const connectionId = await sharedConnection(folder);
      assert.deepEqual([...recorded.hosts], [], "something was asked before anything was opened");
      await commands.executeCommand("sluice.useConnection", connectionId);
      await commands.executeCommand("sluice.streams.focus");
      await commands.executeCommand("sluice.stream.open", { connectionId, stream: "ledger-2026" });
      await commands.executeCommand("sluice.streams.refresh");
      await tabOf(/ledger-2026/);
      assert.deepEqual([...recorded.hosts], [SERVER]);
    } finally {
      recorded.stop();
    }
  });
});
