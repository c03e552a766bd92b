import type { QuickJSSyncVariant } from "quickjs-emscripten";
import { quickJsWasm } from "./quickjs-wasm.ts";
import { importingSharedMemory } from "./shared-memory-import.ts";

type Loader = Extract<Awaited<ReturnType<QuickJSSyncVariant["importModuleLoader"]>>, (...args: never[]) => unknown>;
export type QuickJsModule = Awaited<ReturnType<Loader>>;
export type QuickJsFfi = InstanceType<Awaited<ReturnType<QuickJSSyncVariant["importFFI"]>>>;

/** A value inside a sandbox, kept for as long as the sandbox lives. */
export type Inside = ReturnType<QuickJsFfi["QTS_NewString"]>;

/** What is used here of the platform's `WebAssembly`, which Node's types leave out. */
interface WebAssemblyLike {
  compile(bytes: Uint8Array): Promise<object>;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (descriptor: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: boolean;
  }) => object;
}
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyLike };

/**
 * In pages of 64 KiB: what the module starts with, and 256 MiB, all that a script and its engine may ever use. Shared with the
 * thread that watches over calls.
 */
const MEMORY = { initial: 256, maximum: 4096, shared: true };

let compiled: Promise<object> | undefined;

/** Makes a fresh instance of QuickJS: a memory of its own, sharing only the compiled code. */
export async function instantiateQuickJs(): Promise<{ readonly module: QuickJsModule; readonly ffi: QuickJsFfi }> {
  // Loaded by the first who needs it: a server without scripts does without.
  const { RELEASE_SYNC } = await import("quickjs-emscripten");
  compiled ??= compile();
  const [imported, Ffi, code] = await Promise.all([
    RELEASE_SYNC.importModuleLoader(),
    RELEASE_SYNC.importFFI(),
    compiled,
  ]);
  const module = await loaderIn(imported)({
    // QuickJS has a limit of its own, which counts only part of what it takes when it runs as WebAssembly.
    wasmMemory: new WebAssembly.Memory(MEMORY) as never,
    instantiateWasm(imports: object, onSuccess: (instance: never) => void) {
      const instance = new WebAssembly.Instance(code, imports);
      onSuccess(instance as never);
      return instance.exports as never;
    },
  });
  return { module, ffi: new Ffi(module) };
}

/** The loader's module may arrive wrapped once or twice, depending on how it was bundled. */
function loaderIn(imported: Awaited<ReturnType<QuickJSSyncVariant["importModuleLoader"]>>): Loader {
  if (typeof imported === "function") return imported;
  return typeof imported.default === "function" ? imported.default : imported.default.default;
}

async function compile(): Promise<object> {
  return WebAssembly.compile(importingSharedMemory(await quickJsWasm()));
}
