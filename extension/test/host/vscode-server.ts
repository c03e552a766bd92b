import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { requireInstallation, SERVER_MAIN } from "./installation.ts";
import type { Profile } from "./profile.ts";

export interface ServerOptions {
  /** Takes an extension under development and its suite from the address; toasts and dialogs are suppressed then. */
  readonly isForSuite?: boolean;
  /** Asks whether the folder is to be trusted, as the desktop does. Default: everything is trusted. */
  readonly asksForTrust?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

const START_MS = 120_000;
const END_MS = 5_000;

/** VS Code's server in a process of its own, on a free port of this machine. */
export class VSCodeServer implements AsyncDisposable {
  readonly port: number;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<string>;
  readonly #process: ChildProcess;
  readonly #log: string;

  private constructor(child: ChildProcess, port: number, log: string) {
    this.#process = child;
    this.port = port;
    this.#log = log;
    this.ended = once(child, "exit").then(([code, signal]) => `${code ?? signal}\n${this.#tail()}`);
    process.on("exit", this.#kill);
  }

  static async start(profile: Profile, options: ServerOptions = {}): Promise<VSCodeServer> {
    requireInstallation();
    const { isForSuite = false, asksForTrust = false, env = {} } = options;
    const port = await freePort();
    const log = join(profile.folder, "server.log");
    const output = openSync(log, "a");
    const args = [
      ...[SERVER_MAIN, "--host", "127.0.0.1", "--port", String(port), "--without-connection-token"],
      ...folders(profile),
      // A login shell must not change the PATH that the caller has.
      ...["--disable-telemetry", "--disable-experiments", "--force-disable-user-env"],
      ...["--enable-remote-auto-shutdown", "--reconnection-grace-time", "5"],
      ...(isForSuite ? ["--enable-smoke-test-driver"] : []),
      ...(asksForTrust ? [] : ["--disable-workspace-trust"]),
    ];
    // In a process group of its own, which is ended as one: it starts extension hosts, terminals and watchers.
    const child = spawn(process.execPath, args, {
      env: { ...environment(profile), ...env },
      stdio: ["ignore", output, output],
      detached: true,
    });
    const server = new VSCodeServer(child, port, log);
    await server.#isReady();
    return server;
  }

  /** The workbench's address. @param open a folder, a `.code-workspace` file, or nothing for an empty window. */
  address(open: string | undefined, payload: readonly (readonly [string, string])[] = []): string {
    const query = new URLSearchParams();
    if (open === undefined) query.set("ew", "true");
    else query.set(open.endsWith(".code-workspace") ? "workspace" : "folder", resolve(open));
    if (payload.length > 0) query.set("payload", JSON.stringify(payload));
    return `http://127.0.0.1:${this.port}/?${query}`;
  }

  /** A path on this machine as the workbench in the browser names it. */
  uri(path: string): string {
    return `vscode-remote://127.0.0.1:${this.port}${encodeURI(resolve(path))}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal("SIGTERM");
    await Promise.race([this.ended, pause(END_MS, undefined, { ref: false })]);
    this.#kill();
    await this.ended;
  }

  async #isReady(): Promise<void> {
    const limit = AbortSignal.timeout(START_MS);
    while (this.#process.exitCode === null && this.#process.signalCode === null) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/version`, { signal: limit }).catch(() => undefined);
      if (answer?.ok === true) return;
      if (limit.aborted) {
        this.#kill();
        throw new Error(`VS Code's server did not answer within ${START_MS / 1000} s.\n${this.#tail()}`);
      }
      await pause(50);
    }
    throw new Error(`VS Code's server ended before it answered: ${await this.ended}`);
  }

  readonly #kill = (): void => {
    process.off("exit", this.#kill);
    this.#signal("SIGKILL");
  };

  #signal(signal: NodeJS.Signals): void {
    try {
      if (this.#process.pid !== undefined) process.kill(-this.#process.pid, signal);
    } catch {
      // The group is gone.
    }
  }

  #tail(): string {
    return readFileSync(this.#log, "utf8").slice(-3000);
  }
}

/** Carries out a command of the server that ends by itself, such as `--install-extension`, and answers what it says. */
export function serverCommand(profile: Profile, args: readonly string[]): string {
  requireInstallation();
  return execFileSync(process.execPath, [SERVER_MAIN, ...folders(profile), ...args], {
    env: environment(profile),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function folders({ userDataDir, extensionsDir }: Profile): string[] {
  return [
    "--accept-server-license-terms",
    ...["--user-data-dir", userDataDir, "--server-data-dir", userDataDir, "--extensions-dir", extensionsDir],
  ];
}

/** The caller's, without what an editor around it has set; no marketplace, which would be asked at every start. */
function environment({ home }: Profile): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name));
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    VSCODE_SKIP_BUILTIN_EXTENSIONS: "GitHub.copilot-chat",
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new TypeError("A TCP port was asked for.");
  return address.port;
}
