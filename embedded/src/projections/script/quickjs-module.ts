import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { RELEASE_SYNC, type QuickJSSyncVariant } from "quickjs-emscripten";

type Loader = Extract<Awaited<ReturnType<QuickJSSyncVariant["importModuleLoader"]>>, (...args: never[]) => unknown>;
export type QuickJsModule = Awaited<ReturnType<Loader>>;
export type QuickJsFfi = InstanceType<Awaited<ReturnType<QuickJSSyncVariant["importFFI"]>>>;

/** What is used here of the platform's `WebAssembly`, which Node's types leave out. */
interface WebAssemblyLike {
  compile(bytes: Uint8Array): Promise<object>;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyLike };

let compiled: Promise<object> | undefined;

/** Makes a fresh instance of QuickJS: a memory of its own, sharing only the compiled code. */
export async function instantiateQuickJs(): Promise<{ readonly module: QuickJsModule; readonly ffi: QuickJsFfi }> {
  compiled ??= compile();
  const [imported, Ffi, code] = await Promise.all([
    RELEASE_SYNC.importModuleLoader(),
    RELEASE_SYNC.importFFI(),
    compiled,
  ]);
  const module = await loaderIn(imported)({
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

/** The file lies in a package that the one we depend on brings along: it is looked for from there. */
async function compile(): Promise<object> {
  const { resolve } = createRequire(import.meta.resolve("quickjs-emscripten"));
  return WebAssembly.compile(await readFile(resolve("@jitl/quickjs-wasmfile-release-sync/wasm")));
}
