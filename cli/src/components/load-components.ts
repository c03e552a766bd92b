import { existsSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ComponentShape } from "@sluice/transport/topology";
import { UsageError } from "../command-line/usage-error.ts";
import { componentsIn, describedIn } from "./components-in.ts";

/**
 * The components that a file declares: a module, which is run, or JSON that `sluice describe --json` has made.
 * @param only names of those that are wanted; none for all.
 * @throws UsageError
 */
export async function loadComponents(file: string, only: readonly string[] = []): Promise<readonly ComponentShape[]> {
  if (!existsSync(file))
    throw new UsageError(`There is no file ${file}. Name the module that exports your components.`);
  const shapes = file.endsWith(".json") ? fromJson(file) : await fromModule(file);
  if (shapes.length === 0) {
    throw new UsageError(`${file} exports no component. Export what component("…") answers, or an array of them.`);
  }
  const unknown = only.find((name) => !shapes.some((shape) => shape.name === name));
  if (unknown !== undefined) {
    const names = shapes.map(({ name }) => name).join(", ");
    throw new UsageError(`${file} has no component "${unknown}". It has: ${names}.`);
  }
  return only.length === 0 ? shapes : shapes.filter(({ name }) => only.includes(name));
}

/** The components of a file that are wanted, and the names of all that it declares. @throws UsageError */
export async function loadSome(
  file: string,
  only: readonly string[],
): Promise<{ readonly shapes: readonly ComponentShape[]; readonly names: readonly string[] }> {
  const all = only.length === 0 ? undefined : await loadComponents(file);
  const shapes = await loadComponents(file, only);
  return { shapes, names: (all ?? shapes).map(({ name }) => name) };
}

function fromJson(file: string): readonly ComponentShape[] {
  const shapes = describedIn(parsed(file));
  if (shapes === undefined) {
    throw new UsageError(`${file} does not describe components. Make it by: sluice describe MODULE --json > ${file}`);
  }
  return shapes;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${reasonOf(cause)}.`, { cause });
  }
}

async function fromModule(file: string): Promise<readonly ComponentShape[]> {
  const exported = await run(file);
  const { shapeOf } = await import("@sluice/transport");
  return componentsIn(exported, shapeOf);
}

async function run(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(resolve(file)).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new UsageError(`${file} cannot be run: ${reasonOf(cause)}.${remedyOf(cause, file)}`, { cause });
  }
}

function remedyOf(cause: unknown, file: string): string {
  const { code, url } = Object(cause) as { readonly code?: unknown; readonly url?: unknown };
  switch (code) {
    case "ERR_UNKNOWN_FILE_EXTENSION":
      return file.endsWith("ts")
        ? ` This Node, ${process.versions.node}, does not run TypeScript: take 22.18 or newer, or name a module that is compiled.`
        : ` Name a module, or JSON that sluice describe has made.`;
    case "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX":
      return " Node only leaves the types out of TypeScript, and this is more. Write it otherwise, or name what it is compiled to.";
    case "ERR_MODULE_NOT_FOUND":
      return typeof url === "string" ? wholeName(fileURLToPath(url)) : "";
    default:
      return "";
  }
}

/** Compilers and bundlers take a name without its ending, or with that of what is compiled. */
function wholeName(missing: string): string {
  const source = `${missing.replace(/\.[cm]?js$/, "")}.ts`;
  if (!existsSync(source)) return "";
  return ` Node takes the whole name of a file that is imported: ${basename(source)}, not ${basename(missing)}.`;
}

const reasonOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message.replace(/\.$/, "") : String(cause);
