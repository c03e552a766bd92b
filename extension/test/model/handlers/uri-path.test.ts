import assert from "node:assert/strict";
import { test } from "node:test";
import { directoriesAbove } from "../../../src/handlers/generate/uri-path.ts";

test("folders above a file – up to the root of its file system, with an authority and without", () => {
  for (const root of ["file://", "vscode-remote://ssh+host", "tmp:", "vscode-vfs://github"])
    assert.deepEqual([...directoriesAbove(`${root}/shop/src/a.ts`)], [`${root}/shop/src`, `${root}/shop`, root]);
});
