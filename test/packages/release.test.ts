import assert from "node:assert/strict";
import { test } from "node:test";
import { type ReleasedPackage, releaseFaults } from "../../scripts/release-faults.ts";

const CHANGELOG = "# Changelog\n\n## Unreleased\n\n## 1.2.0 (2026-11-29)\n\n- Something.\n";
const packageOf = (name: string, more: Partial<ReleasedPackage> = {}): ReleasedPackage => ({
  name,
  version: "1.2.0",
  repository: { type: "git", url: "https://forge.example/sluice" },
  dependencies: {},
  changelog: CHANGELOG,
  ...more,
});
const embedded = packageOf("@sluice/embedded");
const cli = packageOf("@sluice/cli", { dependencies: { "@sluice/embedded": "1.2.0", other: "^1.0.0" } });
const good = { changes: [], tags: ["v1.2.0"], packages: [embedded, cli] };

test("release – what is committed, tagged, of one version and told in the changelogs may be published", () => {
  assert.deepEqual(releaseFaults(good), []);
});

test("release – whatever is missing is said with what to do about it", () => {
  const faults = releaseFaults({
    changes: [" M README.md"],
    tags: ["v1.1.0"],
    packages: [
      embedded,
      packageOf("@sluice/cli", {
        version: "1.1.0",
        repository: undefined,
        dependencies: { "@sluice/embedded": "1.1.0" },
        changelog: "# Changelog\n\n## Unreleased\n\n- Something.\n\n## 1.1.0\n",
      }),
      packageOf("@sluice/none", { changelog: "# Changelog of @sluice/none\n" }),
    ],
  });
  assert.deepEqual(
    faults.map((fault) => /^[^.:]*/.exec(fault)?.[0]),
    [
      "Not committed",
      "This commit is not v1",
      "@sluice/cli is 1",
      "@sluice/cli wants @sluice/embedded 1",
      "The package",
      "The changelog of @sluice/cli has no section 1",
      "The changelog of @sluice/cli still has something unreleased",
      "The changelog of @sluice/none has no section 1",
    ],
  );
});
