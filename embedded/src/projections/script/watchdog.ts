import { Worker } from "node:worker_threads";

/** A sandbox's memory, and where in it lies what a watchdog needs. */
export interface Watched {
  readonly memory: ArrayBufferLike;
  /** Address of a 32-bit number that is odd during a call and another for each call. */
  readonly call: number;
  /** Address of the engine's count of steps until it asks again whether it may go on. */
  readonly counter: number;
}

type Message = { readonly id: number; readonly watched?: Watched };

/** How often it looks, in milliseconds. A call that it sees twice is asked to ask. */
const INTERVAL_MS = 100;
/**
 * A thread keeps each memory that it has seen, half a megabyte and more, until it collects garbage. One that does so little does
 * that when it has rested for seconds, and hardly ever while sandboxes come and go: after so many that have ended another thread
 * takes over.
 */
const MOST_ENDED = 64;
/** Enough for what the thread does; by default it would get a share of the machine's memory. */
const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };

/** What is watched, for the next thread. */
const live = new Map<number, Watched>();
let thread: Worker | undefined;
let lastId = 0;
/** Those that the thread has been told to let go. */
let ended = 0;

/**
 * Makes an engine ask in time whether a call may go on. By itself it asks each ten thousand steps, and one step may be a call
 * such as `"x".repeat(5e7)`: ten thousand of those held the process for minutes. Asking more often would make each handler
 * slower, so another thread looks at the clock, and nothing is asked unless a call takes long.
 *
 * One step that takes long by itself it cannot cut.
 *
 * @returns ends it; without that the memory is kept.
 */
export function watch(watched: Watched): () => void {
  const id = ++lastId;
  live.set(id, watched);
  handOver(id, watched);
  return () => {
    if (!live.delete(id)) return;
    thread?.postMessage({ id } satisfies Message);
    if (++ended >= MOST_ENDED) takeOver();
  };
}

/** What is watched is watched by another thread from now on. */
function takeOver(): void {
  void thread?.terminate();
  thread = undefined;
  ended = 0;
  for (const [id, watched] of live) handOver(id, watched);
}

function handOver(id: number, watched: Watched): void {
  thread ??= startThread();
  thread.postMessage({ id, watched } satisfies Message);
}

function startThread(): Worker {
  // As a text, so that it is found wherever this module ends up, in a bundle, too.
  const worker = new Worker(`(${look})(${INTERVAL_MS})`, { eval: true, execArgv: [], env: {}, resourceLimits });
  worker.unref();
  return worker;
}

/** Runs in the thread; a bundler must leave `require` alone. */
function look(interval: number): void {
  const { parentPort } = process.getBuiltinModule("node:worker_threads");
  const all = new Map<number, { readonly call: Int32Array; readonly counter: Int32Array; last: number }>();
  let timer: NodeJS.Timeout | undefined;
  parentPort?.on("message", ({ id, watched }: Message) => {
    if (watched === undefined) all.delete(id);
    else {
      const at = (address: number) => new Int32Array(watched.memory, address, 1);
      all.set(id, { call: at(watched.call), counter: at(watched.counter), last: 0 });
    }
    if (all.size === 0) {
      clearInterval(timer);
      timer = undefined;
    } else timer ??= setInterval(lookAround, interval);
  });

  function lookAround(): void {
    for (const one of all.values()) {
      const call = Atomics.load(one.call, 0);
      if (call % 2 !== 0 && call === one.last) Atomics.store(one.counter, 0, 1);
      one.last = call;
    }
  }
}
