import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/**
 * The code of QuickJS. The file lies in a package that the one we depend on brings along: it is looked for from there. Who bundles
 * this puts a module in the place of this one that knows where the file ends up.
 */
export function quickJsWasm(): Promise<Uint8Array> {
  const { resolve } = createRequire(import.meta.resolve("quickjs-emscripten"));
  return readFile(resolve("@jitl/quickjs-wasmfile-release-sync/wasm"));
}
