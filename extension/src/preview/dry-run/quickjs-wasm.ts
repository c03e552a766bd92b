import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";

/** The code of the script engine, in the place of the embedded server's own module: it lies beside the bundle, compressed. */
export const quickJsWasm = async (): Promise<Uint8Array> =>
  promisify(brotliDecompress)(await readFile(join(__dirname, "quickjs.wasm.br")));
