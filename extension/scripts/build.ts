/**
 * Bundles the extension into `dist/`: the desktop host, the web worker host, the client of the server and the transport (each
 * loaded when it is first used, so that activation does not pay for it), and each webview.
 *
 *   node scripts/build.ts [--watch] [--production]
 */
import { cpSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { type BuildOptions, context, type Plugin, transform } from "esbuild";
import { usedIcons } from "./used-icons.ts";

const root = join(import.meta.dirname, "..");
const isWatching = process.argv.includes("--watch");
const isProduction = process.argv.includes("--production");

const shared: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  outdir: "dist",
  minify: isProduction,
  sourcemap: isProduction ? false : "linked",
  conditions: ["sluice-source"],
  logLevel: "warning",
};

/**
 * A bundle of its own, named by a dynamic import that stays one: what it holds is loaded when it is used.
 * @param isPart what is part of the bundle nevertheless
 */
const loadedWhenUsed = (isPart: (path: string) => boolean = () => false): Plugin => ({
  name: "loaded-when-used",
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ kind, path }) =>
      kind === "dynamic-import" && !isPart(path)
        ? { path: `./${basename(path, ".ts")}.cjs`, external: true }
        : undefined,
    );
  },
});

/** gRPC, once for both clients; it loads by itself what reads `.proto` files where something asks for that, which nothing does. */
const sharedGrpc: Plugin = {
  name: "shared-grpc",
  setup(build) {
    build.onResolve({ filter: /^@grpc\/grpc-js$/ }, ({ kind }) =>
      kind === "entry-point" ? undefined : { path: "./grpc-js.cjs", external: true },
    );
  },
};

/** The reader of JSON with comments, once for all bundles, and not before something is read by it: activation does not pay for it. */
const sharedJson: Plugin = {
  name: "shared-json",
  setup(build) {
    build.onResolve({ filter: /^@humanwhocodes\/momoa$/ }, ({ kind, path }) =>
      kind === "entry-point" ? undefined : { path, namespace: "shared-json" },
    );
    build.onResolve({ filter: /^\.\/momoa\.cjs$/, namespace: "shared-json" }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /.*/, namespace: "shared-json" }, () => ({
      contents:
        'const momoa = () => require("./momoa.cjs"); exports.parse = (...of) => momoa().parse(...of); exports.evaluate = (...of) => momoa().evaluate(...of);',
    }));
  },
};

/** Of gRPC and of its generated messages only what a client uses: the VSIX has a budget. */
const clientAlone: Plugin = {
  name: "client-alone",
  setup(build) {
    build.onLoad({ filter: /grpc-js\/build\/src\/(?:server(?:-interceptors|-credentials)?|admin)\.js$/ }, () => ({
      contents:
        "exports.Server = class {}; exports.registerAdminService = exports.addAdminServicesToServer = () => {};",
    }));
    // What spreads calls over several addresses by a service's own configuration, which no server of ours has.
    build.onLoad(
      { filter: /grpc-js\/build\/src\/load-balancer-(?:outlier-detection|weighted-round-robin)\.js$/ },
      () => ({
        contents: "exports.setup = () => {};",
      }),
    );
    // Messages as plain objects are wanted of projections alone, where the client reads their details.
    build.onLoad({ filter: /db-client\/generated\/\w+_pb\.js$/ }, ({ path }) => {
      const contents = readFileSync(path, "utf8");
      const isWanted = basename(path) === "projections_pb.js";
      return { contents: isWanted ? contents : contents.replaceAll("jspb.Message.GENERATE_TO_OBJECT", "false") };
    });
  },
};

/** The one build of the script engine that is used, whose code lies beside the bundle and not in a package. */
const quickJsBesideBundle: Plugin = {
  name: "quickjs-beside-bundle",
  setup(build) {
    build.onResolve({ filter: /\/quickjs-wasm\.ts$/ }, () => ({
      path: join(root, "src/preview/dry-run/quickjs-wasm.ts"),
    }));
    // Of all that is in this bundle only the parser may be renamed within.
    build.onLoad({ filter: /acorn\/dist\/acorn\.mjs$/ }, async ({ path }) => ({
      contents: (await transform(readFileSync(path, "utf8"), { minify: isProduction, format: "esm" })).code,
    }));
    build.onResolve({ filter: /^quickjs-emscripten$/ }, () => ({ path: "quickjs-emscripten", namespace: "one-build" }));
    build.onLoad({ filter: /.*/, namespace: "one-build" }, () => ({
      contents: 'export { default as RELEASE_SYNC } from "@jitl/quickjs-wasmfile-release-sync";',
      resolveDir: root,
    }));
  },
};

const host: BuildOptions = {
  ...shared,
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  external: ["vscode", "@grpc/proto-loader"],
  plugins: [loadedWhenUsed(), sharedGrpc, sharedJson, clientAlone],
};

const builds: readonly BuildOptions[] = [
  {
    ...host,
    platform: "node",
    target: "node22",
    entryPoints: [
      "src/extension.ts",
      "src/event-store/grpc-event-store.ts",
      "src/server/transport-server.ts",
      "src/stream-panel/host/export-events.ts",
      "src/workspace-model/source-reader.ts",
      "src/preview/dry-run/script-thread.ts",
      "src/flow/reading/snapshot-state.ts",
      "src/handlers/writer.ts",
      { in: "@grpc/grpc-js", out: "grpc-js" },
      { in: "@humanwhocodes/momoa", out: "momoa" },
    ],
    entryNames: "[name]",
  },
  {
    ...host,
    platform: "node",
    target: "node22",
    entryPoints: ["src/preview/dry-run/dry-run-worker.ts"],
    entryNames: "[name]",
    // What runs within the sandbox is taken as text, and finds itself by its names.
    minify: false,
    minifyWhitespace: isProduction,
    plugins: [quickJsBesideBundle],
    // The engine's loader asks for its address, though it is given all that it would look for there.
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    define: { "import.meta.url": "bundleUrl" },
  },
  {
    ...host,
    platform: "browser",
    target: "es2024",
    entryPoints: ["src/extension.web.ts"],
    // A worker loads nothing by name: what works there is in the one file, and begins when it is used.
    plugins: [loadedWhenUsed((path) => /\/(?:source-reader|writer)\.ts$/.test(path))],
    alias: { "node:crypto": "./src/web-crypto.ts" },
  },
  {
    ...shared,
    format: "esm",
    platform: "browser",
    target: "es2024",
    // What several webviews share, such as Lit, is loaded once.
    splitting: true,
    plugins: [usedIcons],
    // The icons of all webviews beside the code of each.
    entryPoints: [
      { in: "@vscode/codicons/dist/codicon.css", out: "codicon" },
      ...globSync("src/*/view/main.ts", { cwd: root }).map((path) => ({
        in: path,
        out: basename(dirname(dirname(path))),
      })),
    ],
    loader: { ".ttf": "file" },
    assetNames: "[name]",
  },
];

// A chunk that another build has named otherwise would be packed, too.
rmSync(join(root, "dist"), { recursive: true, force: true });

// Brotli makes it a seventh smaller than what packs the VSIX.
const quickJs = readFileSync(fileURLToPath(import.meta.resolve("@jitl/quickjs-wasmfile-release-sync/wasm")));
mkdirSync(join(root, "dist"), { recursive: true });
writeFileSync(join(root, "dist", "quickjs.wasm.br"), brotliCompressSync(quickJs));

// What a new project is made of, in the one form that `sluice new` writes, too.
rmSync(join(root, "starter"), { recursive: true, force: true });
cpSync(join(root, "../cli/starter"), join(root, "starter"), { recursive: true });
renameSync(join(root, "starter/gitignore"), join(root, "starter/.gitignore"));

for (const build of builds) {
  const one = await context(build);
  if (isWatching) {
    await one.watch();
  } else {
    await one.rebuild();
    await one.dispose();
  }
}
