import { once } from "node:events";
import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { CellData, Errand, Outcome } from "./errand.ts";

export interface HeapsOptions {
  /** Messages handled at the same moment, each in a thread. Default: as many as the machine has cores. */
  readonly threads?: number;
  /** Milliseconds that a handler may work. Default 1000. */
  readonly milliseconds?: number;
  /** Bytes that its heap may take. Default 16 MiB. */
  readonly bytes?: number;
}

/**
 * Beside this file, whatever became of it: a bundle needs `@sluice/sample-isolation/cell` as a file `cell.js` of its own.
 */
const CELL = new URL(`cell${extname(import.meta.url)}`, import.meta.url);
/** What the thread's own JavaScript may take; heaps of messages do not count, which are WebAssembly's. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 };
/**
 * Each step asks whether it may go on, unless it is one call of the engine that takes for ever, such as sorting 2⁴⁰ holes. So the
 * outside looks at the clock, too, as often as a handler may take, and ends the thread when it has looked this often: more
 * often than once, since one look may be late, behind a time in which the machine stood still.
 */
const LOOKS = 10;

/**
 * Threads in which handlers run, each message in a heap that is made for it and thrown away. What a handler does wrong costs at
 * most the thread, which is replaced.
 */
export class Heaps implements AsyncDisposable {
  readonly #milliseconds: number;
  readonly #bytes: number;
  readonly #idle: (Worker | undefined)[];
  readonly #waiting: ((thread: Worker | undefined) => void)[] = [];

  constructor({ threads = availableParallelism(), milliseconds = 1000, bytes = 16 * 1024 * 1024 }: HeapsOptions = {}) {
    this.#milliseconds = milliseconds;
    this.#bytes = bytes;
    this.#idle = Array.from({ length: threads }, () => undefined);
  }

  /**
   * Calls a function in a heap of its own; waits for a thread where all are busy.
   * @param source an expression of JavaScript that is a function.
   * @param input a JSON array: its arguments.
   * @throws Error where the thread ends by itself.
   */
  async run(source: string, input: string): Promise<Outcome> {
    const errand = { source, input, milliseconds: this.#milliseconds };
    let thread = this.#idle.length > 0 ? this.#idle.pop() : await new Promise<Worker | undefined>(this.#wait);
    // Whatever the engine says of itself: a thread in which a handler took too much does not get the next message.
    let isTrusted = false;
    try {
      thread ??= await startThread({ bytes: this.#bytes });
      const outcome = await settled(thread, errand);
      isTrusted = "output" in outcome || outcome.failed === "threw";
      return outcome;
    } finally {
      if (!isTrusted) await thread?.terminate();
      this.#free(isTrusted ? thread : undefined);
    }
  }

  /** Ends the threads that have nothing to do. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#idle.map((thread) => thread?.terminate()));
    this.#idle.fill(undefined);
  }

  readonly #wait = (go: (thread: Worker | undefined) => void): void => void this.#waiting.push(go);

  /** The one used last is the next to be used. */
  #free(thread: Worker | undefined): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next(thread);
    else if (thread === undefined) this.#idle.unshift(thread);
    else this.#idle.push(thread);
  }
}

/** Once its engine is there, so that this does not count as the time of a handler. */
async function startThread(workerData: CellData): Promise<Worker> {
  const thread = new Worker(CELL, { workerData, resourceLimits, env: {} });
  await once(thread, "message");
  return thread;
}

/** What comes of an errand, whatever it does. */
async function settled(thread: Worker, errand: Errand): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const exited = (): void => reject(new Error("The thread of a handler ended by itself."));
  let looks = 0;
  const clock = setInterval(() => {
    looks += 1;
    if (looks === LOOKS) resolve({ failed: "took too long" });
  }, errand.milliseconds);
  thread.on("message", resolve).on("error", reject).on("exit", exited);
  thread.ref();
  try {
    thread.postMessage(errand);
    return await promise;
  } finally {
    thread.unref();
    thread.off("message", resolve).off("error", reject).off("exit", exited);
    clearInterval(clock);
  }
}
