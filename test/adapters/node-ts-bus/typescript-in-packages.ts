import { readFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What of the compiler is used. */
interface Compiler {
  readonly ModuleKind: { readonly CommonJS: number };
  readonly ScriptTarget: { readonly ES2021: number };
  transpileModule(source: string, options: object): { readonly outputText: string };
}

/**
 * Lets a package be required that is published as TypeScript with decorators, which Node does not run: its files are compiled as they
 * are loaded, by the compiler that the package itself depends on, and none is changed.
 */
export function compileTypeScriptOf(name: string): void {
  const root = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  const { ModuleKind, ScriptTarget, transpileModule } = createRequire(join(root, "package.json"))(
    "typescript",
  ) as Compiler;
  const compilerOptions = {
    module: ModuleKind.CommonJS,
    target: ScriptTarget.ES2021,
    esModuleInterop: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    inlineSourceMap: true,
  };
  const inPackage = pathToFileURL(join(root, "src/")).href;
  registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith(".") || context.parentURL?.startsWith(inPackage) !== true)
        return next(specifier, context);
      const candidates = [`${specifier}.ts`, `${specifier}/index.ts`];
      for (const candidate of candidates) {
        try {
          return next(candidate, context);
        } catch {
          // The other one.
        }
      }
      return next(specifier, context);
    },
    load(url, context, next) {
      if (!url.startsWith(inPackage) || !url.endsWith(".ts")) return next(url, context);
      const fileName = fileURLToPath(url);
      const { outputText } = transpileModule(readFileSync(fileName, "utf8"), { fileName, compilerOptions });
      return { format: "commonjs", source: outputText, shortCircuit: true };
    },
  });
}
