import { type Clock, Stopwatch, systemClock } from "./clock.ts";
import { SandboxBroken, ScriptError, ScriptTimeout } from "./errors.ts";
import { interruptCounterOffset } from "./interrupt-counter.ts";
import { type Inside, instantiateQuickJs, type QuickJsFfi, type QuickJsModule } from "./quickjs-module.ts";
import { watch } from "./watchdog.ts";

type Context = ReturnType<QuickJsFfi["QTS_NewContext"]>;
type Runtime = ReturnType<QuickJsFfi["QTS_NewRuntime"]>;
type Text = Parameters<QuickJsFfi["QTS_NewString"]>[1];

/** QuickJS must notice a runaway recursion before this thread's stack ends, on which its calls lie, too. */
const STACK_LIMIT = 192 * 1024;
/** By these the engine names the functions of the host. */
const LOG = 1 as never;
const REWORD = 2 as never;
/** Stands for null, no flags and no functions of the host in calls of the engine. */
const NONE = 0 as never;

/** What the inside can ask of the outside. */
export interface SandboxHost {
  log(text: string): void;
  reword(text: string): string;
}

/**
 * A QuickJS of its own: one instance of the WebAssembly module with one runtime and one context. Nothing in it can reach out,
 * and when it breaks nothing else does. To be rid of it, forget it.
 *
 * Drives the engine without the wrapper of `quickjs-emscripten`, which takes 3 µs for a call with a short text; here texts
 * cross as the bytes they are stored as.
 */
export class Sandbox {
  readonly #module: QuickJsModule;
  readonly #ffi: QuickJsFfi;
  readonly #runtime: Runtime;
  readonly #context: Context;
  readonly #undefined: ReturnType<QuickJsFfi["QTS_GetUndefined"]>;
  /** Holds the one argument of a call. */
  readonly #argument: number;
  /** Where texts for the inside are put together. */
  #text = NONE as Text;
  #room = 0;
  #view: Buffer = Buffer.alloc(0);
  readonly #stopwatch: Stopwatch;
  /** Is odd during a call and another for each; seen by the thread that watches over calls. */
  readonly #callNumber: Int32Array;
  #calls = 0;
  /** The thread that watches lets the memory go. */
  readonly dispose: () => void;
  #triedImport = false;

  /** `host` is what {@link log} and {@link reword} do. */
  static async create(host: SandboxHost, clock: Clock = systemClock): Promise<Sandbox> {
    const [{ module, ffi }, counterOffset] = await Promise.all([instantiateQuickJs(), interruptCounterOffset()]);
    return new Sandbox(module, ffi, counterOffset, host, clock);
  }

  private constructor(module: QuickJsModule, ffi: QuickJsFfi, counterOffset: number, host: SandboxHost, clock: Clock) {
    this.#module = module;
    this.#ffi = ffi;
    this.#stopwatch = new Stopwatch(clock);
    module.callbacks = {
      shouldInterrupt: () => (this.#stopwatch.check() ? 1 : 0),
      callFunction: (_async, _context, _this, count, values, id) => {
        const text = count > 0 ? this.#read(ffi.QTS_ArgvGetJSValueConstPointer(values, 0)) : "";
        if (id === REWORD) return this.#string(host.reword(text));
        host.log(text);
        return NONE;
      },
      loadModuleSource: () => {
        this.#triedImport = true;
        return NONE;
      },
      normalizeModule: () => NONE,
      freeHostRef() {},
    };
    this.#runtime = ffi.QTS_NewRuntime();
    ffi.QTS_RuntimeSetMaxStackSize(this.#runtime, STACK_LIMIT);
    ffi.QTS_RuntimeEnableInterruptHandler(this.#runtime);
    ffi.QTS_RuntimeEnableModuleLoader(this.#runtime, 0);
    this.#context = ffi.QTS_NewContext(this.#runtime, NONE);
    this.#undefined = ffi.QTS_GetUndefined();
    this.#argument = module._malloc(4);
    const call = module._malloc(4);
    const memory = module.HEAPU8.buffer;
    this.#callNumber = new Int32Array(memory, call, 1);
    this.#callNumber[0] = this.#calls;
    this.dispose = watch({ memory, call, counter: this.#context + counterOffset });
    this.log = ffi.QTS_NewFunction(this.#context, "log", 1, false, LOG);
    this.reword = ffi.QTS_NewFunction(this.#context, "reword", 1, false, REWORD);
  }

  /** A function for the inside: writes one text to the log. */
  readonly log: Inside;
  /** A function for the inside: answers a text with another. */
  readonly reword: Inside;

  /** Runs a script in the global scope. Throws a {@link ScriptError} or {@link ScriptTimeout}. */
  evaluate(code: string, fileName: string, allowed: number): Inside {
    const length = this.#put(code);
    return this.#limited(allowed, () => this.#ffi.QTS_Eval(this.#context, this.#text, length, fileName, NONE, NONE));
  }

  /** Calls a function with one value. Throws as {@link call} does. */
  apply(fn: Inside, argument: Inside, allowed: number): Inside {
    this.#setArgument(argument);
    return this.#limited(allowed, () =>
      this.#ffi.QTS_Call(this.#context, fn, this.#undefined, 1, this.#argument as never),
    );
  }

  /** A property of an object. */
  property(of: Inside, name: string): Inside {
    const key = this.#string(name);
    const value = this.#ffi.QTS_GetProp(this.#context, of, key);
    this.#free(key);
    return value;
  }

  /**
   * Calls a function with a text, given in parts (texts, or bytes that are UTF-8), and answers the text it returns. A byte 0 in
   * a part ends the text there. Throws a {@link ScriptError}, {@link ScriptTimeout} or {@link SandboxBroken}.
   */
  call(fn: Inside, parts: readonly (string | Uint8Array)[], allowed: number): string {
    this.#putParts(parts);
    const argument = this.#ffi.QTS_NewString(this.#context, this.#text);
    const text = this.ask(fn, argument, allowed);
    this.#free(argument);
    return text;
  }

  /** Calls a function with one value and answers the text it returns. */
  ask(fn: Inside, argument: Inside, allowed: number): string {
    const answer = this.apply(fn, argument, allowed);
    const text = this.#read(answer);
    this.#free(answer);
    return text;
  }

  /** Runs what promises have put off. Answers whether one of them tried to load a module. */
  runJobs(allowed: number): boolean {
    this.#triedImport = false;
    while (this.#ffi.QTS_IsJobPending(this.#runtime) !== 0) {
      this.#free(
        this.#limited(allowed, () => this.#ffi.QTS_ExecutePendingJob(this.#runtime, 100, this.#argument as never)),
      );
    }
    return this.#triedImport;
  }

  #limited(allowed: number, run: () => Inside): Inside {
    this.#stopwatch.start(allowed);
    this.#callNumber[0] = ++this.#calls;
    let result: Inside;
    try {
      result = run();
    } catch (cause) {
      // The engine's state is unknown after a trap: whoever holds this sandbox must let it go.
      throw new SandboxBroken("The script exhausted its stack or memory.", { cause });
    }
    this.#callNumber[0] = ++this.#calls;
    // Whatever came of the call: not every place that is interrupted keeps scripts from catching it.
    if (this.#stopwatch.isOver) throw new ScriptTimeout(this.#stopwatch.elapsed, allowed);
    const error = this.#ffi.QTS_ResolveException(this.#context, result);
    if (error !== 0) throw new ScriptError(error);
    return result;
  }

  #string(text: string): Inside {
    this.#put(text);
    return this.#ffi.QTS_NewString(this.#context, this.#text);
  }

  /** Puts a text where the engine can read it; answers its length in bytes. */
  #put(text: string): number {
    return this.#putParts([text]);
  }

  #putParts(parts: readonly (string | Uint8Array)[]): number {
    let most = 1;
    for (const part of parts) most += typeof part === "string" ? part.length * 3 : part.length;
    if (most > this.#room) this.#enlarge(most);
    // Memory that has grown is another buffer.
    if (this.#view.buffer !== this.#module.HEAPU8.buffer) this.#view = Buffer.from(this.#module.HEAPU8.buffer);
    let at: number = this.#text;
    for (const part of parts) {
      if (typeof part === "string") at += this.#view.write(part, at, "utf8");
      else {
        this.#view.set(part, at);
        at += part.length;
      }
    }
    this.#view[at] = 0;
    return at - this.#text;
  }

  #enlarge(room: number): void {
    this.#module._free(this.#text);
    this.#room = Math.max(room, this.#room * 2, 4096);
    this.#text = this.#module._malloc(this.#room) as Text;
    if (this.#text === 0) throw new SandboxBroken("The script exhausted its memory.");
  }

  #setArgument(value: Inside): void {
    new Uint32Array(this.#module.HEAPU8.buffer, this.#argument, 1)[0] = value;
  }

  #read(value: Parameters<QuickJsFfi["QTS_GetString"]>[1]): string {
    const text = this.#ffi.QTS_GetString(this.#context, value);
    const result = this.#module.UTF8ToString(text);
    this.#ffi.QTS_FreeCString(this.#context, text);
    return result;
  }

  #free(value: Inside): void {
    this.#ffi.QTS_FreeValuePointer(this.#context, value);
  }
}
