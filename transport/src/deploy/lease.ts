import { WrongRevision } from "../store/wrong-revision.ts";
import type { DeployEnvironment, DeployHost } from "./host.ts";
import { type JournalEntry, record } from "./journal.ts";

/** Milliseconds after which whoever deploys says again that it is at work. */
const BEAT = 1_000;

/** Somebody else has taken a deployment over, since this one was silent for too long. Nothing may be changed in its name. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** The right to deploy a component: held from the entry that begins a deployment to the one that ends it. */
export class Lease {
  readonly deployment: string;
  readonly #host: Pick<DeployHost, "append">;
  readonly #component: string;
  readonly #environment: DeployEnvironment;
  readonly #signal: AbortSignal | undefined;
  #revision: bigint;
  #heard: number;

  constructor(
    host: Pick<DeployHost, "append">,
    component: string,
    environment: DeployEnvironment,
    held: { readonly deployment: string; readonly revision: bigint; readonly signal?: AbortSignal | undefined },
  ) {
    this.deployment = held.deployment;
    this.#host = host;
    this.#component = component;
    this.#environment = environment;
    this.#signal = held.signal;
    this.#revision = held.revision;
    this.#heard = environment.now();
  }

  /**
   * To be called before each change of something on the server: says that the work goes on, where it has not been said lately.
   * @throws LeaseLost, the reason of the signal that ends the deployment, ServerUnreachable
   */
  async hold(): Promise<void> {
    this.#signal?.throwIfAborted();
    if (this.#environment.now() - this.#heard >= BEAT) {
      await this.end({ kind: "continued", deployment: this.deployment });
    }
  }

  /** Appends an entry. @throws LeaseLost, ServerUnreachable */
  async end(entry: JournalEntry): Promise<void> {
    try {
      this.#revision = await record(this.#host, this.#component, entry, {
        expected: this.#revision,
        id: this.#environment.newId(),
      });
      this.#heard = this.#environment.now();
    } catch (cause) {
      throw cause instanceof WrongRevision ? new LeaseLost("Another instance goes on with it.", { cause }) : cause;
    }
  }
}
