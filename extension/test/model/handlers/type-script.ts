import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../../../..");

/** As strict as it gets; sources of the workspace's packages as they stand. */
const OPTIONS = {
  target: "es2024",
  lib: ["es2024", "esnext.disposable"],
  module: "nodenext",
  customConditions: ["sluice-source"],
  types: ["node"],
  strict: true,
  allowJs: true,
  checkJs: true,
  noEmit: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  isolatedModules: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
};

export interface Written {
  readonly directory: string;
  /** What the compiler says; empty where it has nothing to say. */
  readonly errors: string;
}

/**
 * Writes files into a folder of their own, compiles them strictly, and hands the folder to `use` before it is taken away. Packages
 * are those of this repository.
 */
export async function withTypeScript(
  files: Readonly<Record<string, string>>,
  use: (written: Written) => Promise<void> = async () => {},
): Promise<Written> {
  const directory = await mkdtemp(join(tmpdir(), "sluice-handlers-"));
  try {
    const all = {
      "tsconfig.json": JSON.stringify({ compilerOptions: OPTIONS }),
      "package.json": '{ "type": "module" }',
      ...files,
    };
    for (const [name, text] of Object.entries(all)) {
      await mkdir(dirname(join(directory, name)), { recursive: true });
      await writeFile(join(directory, name), text);
    }
    await symlink(join(ROOT, "node_modules"), join(directory, "node_modules"));
    const errors = await run(join(ROOT, "node_modules/.bin/tsc"), ["-p", directory]);
    const written = { directory, errors: errors.output };
    await use(written);
    return written;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Runs a program to its end. */
export function run(
  program: string,
  args: readonly string[],
  cwd?: string,
): Promise<{ readonly isGood: boolean; readonly output: string }> {
  return new Promise((resolve) => {
    // A test runner within a test runner would talk to the outer one.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    execFile(program, args, { cwd, env, maxBuffer: 1 << 24 }, (error, stdout, stderr) =>
      resolve({ isGood: error === null, output: error === null ? stdout.trim() : stdout + stderr }),
    );
  });
}
