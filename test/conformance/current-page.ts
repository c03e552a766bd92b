import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceCases } from "@sluice/transport/conformance";
import { BEHAVIORS } from "./behaviors.ts";
import { numberedTests } from "./numbered-tests.ts";
import { page } from "./page.ts";
import { TRANSPORTS } from "./transports.ts";

export const PAGE = join(import.meta.dirname, "README.md");
const root = join(import.meta.dirname, "../..");
/** But not the tests of this folder, which have such names as examples. */
const TESTS = [
  "transport/test/**/*.test.ts",
  "test/!(conformance)/**/*.test.ts",
  "test/*.test.ts",
  "samples/*/test/**/*.test.ts",
];

/** The page as the tests that are there now make it. */
export function currentPage(): string {
  const tests = globSync(TESTS, { cwd: root, exclude: (name) => name === "node_modules" })
    .sort()
    .flatMap((file) => numberedTests(readFileSync(join(root, file), "utf8"), file));
  return page(BEHAVIORS, tests, conformanceCases(), TRANSPORTS);
}
