/**
 * Builds the site into `site/.vitepress/dist`: the reference out of the docstrings, then all pages.
 *
 *   npm run docs
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "vitepress";
import { faultsOf } from "./check-site.ts";
import { writeReference } from "./reference.ts";

const reference = join(import.meta.dirname, "reference");
rmSync(reference, { recursive: true, force: true });
await writeReference(reference);
await build(import.meta.dirname);
const faults = faultsOf(join(import.meta.dirname, ".vitepress/dist"));
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
