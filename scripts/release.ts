/**
 * Says whether the packages can be published, makes what would be, and how: their tarballs, and a bill of materials (CycloneDX) of what
 * their users install. With `--publish` it publishes them, with provenance, which takes a runner of CI that npm knows.
 *
 *   npm run release -- FOLDER [--publish]
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { packAll } from "./pack-all.ts";
import { type ReleasedPackage, releaseFaults } from "./release-faults.ts";
import { changelogIn, PACKAGES } from "./stage-package.ts";

const root = join(import.meta.dirname, "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { publish: { type: "boolean", default: false } },
});
const [target] = positionals;
if (target === undefined) throw new Error("Say where the tarballs shall go: npm run release -- FOLDER [--publish]");
const folder = resolve(target);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const packages = PACKAGES.map(packageIn);
const faults = releaseFaults({
  changes: lines("git", "status", "--porcelain"),
  tags: lines("git", "tag", "--points-at", "HEAD"),
  packages,
});
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (values.publish && faults.length > 0) process.exit(1);

const tarballs = await packAll(folder);
const bill = join(folder, `sluice-${packages[0]?.version}.cdx.json`);
writeFileSync(bill, billOfMaterials(tarballs));
for (const file of [...tarballs, bill]) say(file);
for (const tarball of tarballs) {
  const publish = ["publish", tarball, "--access", "public", "--provenance"];
  if (values.publish) execFileSync("npm", publish, { stdio: "inherit" });
  else say(`npm ${publish.join(" ")}`);
}
if (faults.length > 0) process.exitCode = 1;

function packageIn(name: string): ReleasedPackage {
  const manifest = JSON.parse(readFileSync(join(root, name, "package.json"), "utf8")) as Omit<
    ReleasedPackage,
    "changelog"
  >;
  return { ...manifest, changelog: changelogIn(name, manifest) };
}

/** Of what is installed by whoever installs all of them. */
function billOfMaterials(tarballs: readonly string[]): string {
  const temporary = mkdtempSync(join(tmpdir(), "sluice-bill-"));
  // The bill is named as the folder is.
  const user = join(temporary, "sluice");
  try {
    mkdirSync(user);
    writeFileSync(join(user, "package.json"), JSON.stringify({ name: "sluice", version: packages[0]?.version }));
    const install = ["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund", ...tarballs];
    execFileSync("npm", install, { cwd: user, stdio: ["ignore", "ignore", "inherit"] });
    return execFileSync("npm", ["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"], {
      cwd: user,
      encoding: "utf8",
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function lines(command: string, ...args: readonly string[]): readonly string[] {
  return execFileSync(command, args, { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter((line) => line !== "");
}
