import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { changelogOf } from "../../scripts/changelog-of.ts";

const CHANGELOG = `# Changelog

What changed, newest first.

## Unreleased

- \`@sluice/transport\`, breaking: another [page](transport/docs/page.md), see [the command line](cli/README.md) and [a sample](samples/x/README.md).
- \`@sluice/embedded\`: faster, [as measured](embedded/bench/README.md).
- \`@sluice/cli\`, \`sluice-embedded\`: say so.
- Documentation: more.

## 1.0.0 (2026-11-01)

- \`@sluice/transport/testing\`: \`given\`, of which
  more is to be said.
`;
const FOLDERS = ["embedded", "transport", "cli"];

test("changelog – a package gets the entries that name it before their colon, links that lead from it, and each version", () => {
  const transport = { name: "@sluice/transport", folder: "transport", programs: [] };
  assert.equal(
    changelogOf(CHANGELOG, transport, FOLDERS),
    `# Changelog of @sluice/transport

## Unreleased

- \`@sluice/transport\`, breaking: another [page](docs/page.md), see [the command line](../cli/README.md) and a sample.

## 1.0.0 (2026-11-01)

- \`@sluice/transport/testing\`: \`given\`, of which
  more is to be said.
`,
  );
  const embedded = { name: "@sluice/embedded", folder: "embedded", programs: ["sluice-embedded"] };
  assert.equal(
    changelogOf(CHANGELOG, embedded, FOLDERS),
    "# Changelog of @sluice/embedded\n\n## Unreleased\n\n- `@sluice/embedded`: faster, as measured.\n- `@sluice/cli`, `sluice-embedded`: say so.\n\n## 1.0.0 (2026-11-01)\n",
  );
});

test("changelog – every entry of the repository's is somebody's: of a package, of a sample, or of the whole", () => {
  const changelog = readFileSync(join(import.meta.dirname, "../../CHANGELOG.md"), "utf8");
  const known =
    /^- (?:`(?:@sluice\/(?:transport|embedded|cli)[/`]|sluice(?:-embedded|-vscode)?\b|samples\/)|Samples?\b|\[|Documentation:|All packages:)/;
  const entries = changelog.match(/^- .*/gm) ?? [];
  assert.ok(entries.length > 10);
  assert.deepEqual(
    entries.filter((entry) => !known.test(entry)),
    [],
  );
});
