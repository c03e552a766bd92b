import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type FaultCluster, startFaultCluster } from "../faults/fault-cluster.ts";
import type { FaultRule } from "../faults/fault.ts";
import { ServerProcess } from "../server-process.ts";

/** A durable server in a process of its own behind proxies that play three nodes, one of which leads. */
export class ChaosCluster implements AsyncDisposable {
  readonly #data: string;
  readonly #proxies: FaultCluster;
  #server: ServerProcess;
  #leader = 0;
  /** What concerns the server, or who leads, happens one after the other. */
  #last: Promise<void> = Promise.resolve();

  private constructor(data: string, server: ServerProcess, proxies: FaultCluster) {
    this.#data = data;
    this.#server = server;
    this.#proxies = proxies;
  }

  static async start(): Promise<ChaosCluster> {
    const data = mkdtempSync(join(tmpdir(), "sluice-chaos-"));
    const server = await ServerProcess.start(["--data", data]);
    return new ChaosCluster(data, server, await startFaultCluster({ target: server.port }));
  }

  /** By way of the proxies. */
  get connectionString(): string {
    return this.#proxies.connectionString;
  }

  /** Past them, until the server is killed. */
  get directConnectionString(): string {
    return this.#server.connectionString;
  }

  get nodes(): number {
    return this.#proxies.nodes.length;
  }

  killServer(awayFor: number): Promise<void> {
    return this.#inTurn(async () => {
      await this.#server.kill();
      await sleep(awayFor);
      this.#server = await ServerProcess.start(["--data", this.#data]);
      for (const node of this.#proxies.nodes) node.retarget(this.#server.port);
    });
  }

  cutConnections(): void {
    for (const node of this.#proxies.nodes) node.cutConnections();
  }

  changeLeader(to: number, noneFor: number): Promise<void> {
    return this.#inTurn(async () => {
      this.#proxies.elect(undefined);
      await sleep(noneFor);
      this.#elect(to);
    });
  }

  killLeader(to: number, awayFor: number): Promise<void> {
    return this.#inTurn(async () => {
      const leader = this.#proxies.nodes[this.#leader]!;
      await leader.goAway();
      this.#elect(to === this.#leader ? (to + 1) % this.nodes : to);
      await sleep(awayFor);
      await leader.comeBack();
    });
  }

  freezeLeader(milliseconds: number): Promise<void> {
    return this.#inTurn(async () => {
      using _frozen = this.#proxies.nodes[this.#leader]!.suspended();
      await sleep(milliseconds);
    });
  }

  /** On every node, each so often at most; until what is answered is disposed of. */
  script(rule: FaultRule): Disposable {
    const rules = this.#proxies.nodes.map((node) => node.script(rule));
    return { [Symbol.dispose]: () => rules.forEach((one) => one[Symbol.dispose]()) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#proxies[Symbol.asyncDispose]();
    await this.#server.kill();
    rmSync(this.#data, { recursive: true, force: true });
  }

  #elect(leader: number): void {
    this.#leader = leader;
    this.#proxies.elect(leader);
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => {});
    return done;
  }
}
