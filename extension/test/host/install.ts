import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHROMIUM, COMPLETE, HostMissingError, INSTALLATION, VERSION, VSCODE } from "./installation.ts";

/** The binary of this Node with its headers. */
const NODE = `node-${process.platform}-${process.arch}@${process.versions.node}`;
const HEADERS = join(INSTALLATION, "node_modules", `node-${process.platform}-${process.arch}`);
/** Shipped, large, and used by no test. */
const UNUSED = ["node_modules/@github/copilot-sdk-*", "node_modules/@microsoft/mxc-sdk", "extensions/copilot"];

/**
 * Installs VS Code (server, extension host and web workbench, out of the npm package code-server) and Debian's Chromium,
 * unless they are there. Native modules come prebuilt in their packages but for spdlog, without which output channels
 * stay empty, and native-watchdog, without which the server complains: these two are built, against the headers that come
 * in a package with the binary of Node.
 * @throws HostMissingError with a sentence that says what could not be installed.
 */
export function installHost(): void {
  if (!existsSync(CHROMIUM)) installDebianPackages("chromium", "fonts-dejavu-core");
  if (existsSync(COMPLETE) && readFileSync(COMPLETE, "utf8").trim() === VERSION) return;
  if (process.env["SLUICE_VSCODE_HOST"] !== undefined) {
    throw new HostMissingError(
      `SLUICE_VSCODE_HOST names ${INSTALLATION}, where code-server ${VERSION} is not installed. Name another folder, or unset it and let the tests install one.`,
    );
  }
  if (["c++", "make", "python3"].some((tool) => !isOnPath(tool))) installDebianPackages("g++", "make", "python3");
  rmSync(INSTALLATION, { recursive: true, force: true });
  mkdirSync(INSTALLATION, { recursive: true });
  writeFileSync(join(INSTALLATION, "package.json"), '{ "private": true }\n');
  npm(INSTALLATION, "install", "--no-save", "--ignore-scripts", `code-server@${VERSION}`, NODE);
  npm(VSCODE, "install", "--omit=dev", "--ignore-scripts");
  npm(VSCODE, "rebuild", "@vscode/spdlog", "@vscode/native-watchdog");
  npm(join(VSCODE, "extensions"), "install", "--omit=dev", "--ignore-scripts");
  for (const path of globSync(UNUSED, { cwd: VSCODE })) rmSync(join(VSCODE, path), { recursive: true });
  writeFileSync(COMPLETE, `${VERSION}\n`);
}

function npm(folder: string, ...args: string[]): void {
  console.log(`npm ${args.join(" ")}`);
  attempt(`VS Code for tests could not be installed: npm ${args.join(" ")} failed in ${folder}.`, () =>
    execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: folder,
      // What npm hands to its scripts would make this one believe that it works for the project.
      env: { ...withoutNpm(process.env), npm_config_nodedir: HEADERS, JOBS: "max" },
      stdio: ["ignore", "inherit", "inherit"],
    }),
  );
}

function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = /^npm_config_(registry|cache|userconfig|globalconfig|proxy|https_proxy|cafile)$/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(npm_|INIT_CWD)/i.test(name) || kept.test(name)));
}

function installDebianPackages(...names: string[]): void {
  attempt(`${names.join(", ")} could not be installed by apt-get; install them as root and try again.`, () => {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    execFileSync("apt-get", ["update", "-qq"], { env, stdio: "inherit" });
    execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...names], { env, stdio: "inherit" });
  });
}

function isOnPath(tool: string): boolean {
  return (process.env["PATH"] ?? "").split(":").some((folder) => existsSync(join(folder, tool)));
}

function attempt(sentence: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    throw new HostMissingError(sentence, { cause: error });
  }
}
