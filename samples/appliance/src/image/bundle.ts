import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { rolldown } from "rolldown";
import type { Entry } from "./cpio.ts";

/** What is in the packages that is there for those who write programs. */
const FOLDER = "component";

/** The component with all it imports, as files of an image: itself, the code of its threads, and the engine of those. */
export async function bundledComponent(): Promise<readonly Entry[]> {
  const { resolve } = createRequire(import.meta.resolve("quickjs-emscripten"));
  const bundle = await rolldown({
    input: { main: join(import.meta.dirname, "../inside/main.ts"), cell: "@sluice/sample-isolation/cell" },
    platform: "node",
    resolve: { conditionNames: ["sluice-source", "node", "import"] },
    logLevel: "silent",
  });
  try {
    const { output } = await bundle.generate({
      format: "es",
      minify: true,
      entryFileNames: "[name].mjs",
      chunkFileNames: "[name].mjs",
    });
    const code = output.flatMap((part): Entry[] =>
      part.type === "chunk"
        ? [{ kind: "file", path: `${FOLDER}/${part.fileName}`, content: Buffer.from(part.code) }]
        : [],
    );
    const engine = await readFile(resolve("@jitl/quickjs-wasmfile-release-sync/wasm"));
    return [...code, { kind: "file", path: `${FOLDER}/emscripten-module.wasm`, content: engine }];
  } finally {
    await bundle.close();
  }
}
