import { newQuickJSWASMModuleFromVariant, newVariant, RELEASE_SYNC } from "quickjs-emscripten";
import { parentPort, workerData } from "node:worker_threads";
import type { CellData, Errand, Outcome } from "./errand.ts";

/**
 * What a thread of `Heaps` runs: for each errand it makes a heap, runs the handler in it, and throws the heap away. The engine is
 * WebAssembly: inside there is the language, and nothing of Node, of this thread, or of any other message.
 */
const port = parentPort;
if (port === null) throw new Error("This is the code of a thread. Import isolated.ts instead.");
/** What Node has of WebAssembly, and its types leave out. */
const { Memory }: { readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => never } =
  Reflect.get(globalThis, "WebAssembly");
const PAGE_BYTES = 64 * 1024;
/** What the engine asks for to begin with. */
const ENGINE_PAGES = 256;
/** The engine counts what it gives a handler, and this is the wall behind that count: all that there is. */
const wasmMemory = new Memory({
  initial: ENGINE_PAGES,
  maximum: ENGINE_PAGES + Math.ceil((2 * (workerData as CellData).bytes) / PAGE_BYTES),
});
const engine = await newQuickJSWASMModuleFromVariant(newVariant(RELEASE_SYNC, { wasmMemory }));
port.on("message", (errand: Errand) => port.postMessage(run(errand)));
port.postMessage("ready");

/** The engine must notice a runaway recursion before the thread's own stack ends, on which its calls lie, too. */
const STACK_BYTES = 192 * 1024;
/** Of what a handler threw, enough to find the place. */
const MOST_CHARACTERS = 2_000;

function run({ source, input, milliseconds }: Errand): Outcome {
  const end = workedFor() + milliseconds;
  let isOver = false;
  using runtime = engine.newRuntime({
    memoryLimitBytes: (workerData as CellData).bytes,
    maxStackSizeBytes: STACK_BYTES,
    interruptHandler: () => (isOver = workedFor() > end),
  });
  using heap = runtime.newContext();
  using handler = heap.evalCode(inTexts(source), "handler.js");
  if (handler.error !== undefined) return failure(heap.dump(handler.error), isOver);
  using text = heap.newString(input);
  using answer = heap.callFunction(handler.value, heap.undefined, text);
  if (answer.error !== undefined) return failure(heap.dump(answer.error), isOver);
  // Not every place that is interrupted keeps a handler from catching that.
  return isOver ? failure(undefined, isOver) : { output: heap.getString(answer.value) };
}

/** A text in, a text out: no object ever crosses. Where the handler returns nothing, an empty list. */
const inTexts = (source: string): string => `(text) => JSON.stringify((${source}\n)(...JSON.parse(text)) ?? [])`;

/** Milliseconds that this thread has worked: a busy machine does not use up a handler's time. */
function workedFor(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** @param thrown what the handler threw, as data. */
function failure(thrown: unknown, isOver: boolean): Outcome {
  if (isOver) return { failed: "took too long" };
  const { name, message, stack } = Object(thrown) as Record<string, unknown>;
  // The engine throws null where there is no memory left even for its error.
  if (thrown === null || (name === "InternalError" && message === "out of memory")) {
    return { failed: "took too much memory" };
  }
  const text = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);
  return {
    failed: "threw",
    thrown: {
      name: text(name, "Error").slice(0, MOST_CHARACTERS),
      message: text(message, JSON.stringify(thrown) ?? "undefined").slice(0, MOST_CHARACTERS),
      stack: text(stack, "").slice(0, MOST_CHARACTERS),
    },
  };
}
