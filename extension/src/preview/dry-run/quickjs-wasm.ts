import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The code of the script engine, in the place of the embedded server's own module: it lies beside the bundle. */
export const quickJsWasm = (): Promise<Uint8Array> => readFile(join(__dirname, "quickjs.wasm"));
