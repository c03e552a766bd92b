import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { FrameLocator } from "playwright-core";
import { type Seed, type SeededServer, seededServer } from "../server/seeded-server.ts";
import { accessibilityViolations } from "../workbench/accessibility.ts";
import { type Theme, THEMES, Workbench, type WorkbenchOptions } from "../workbench/workbench.ts";

/** Kept for eyes; ignored by git. */
const SCREENSHOTS = join(import.meta.dirname, "..", "..", ".screenshots");

export interface UiTest {
  readonly workbench: Workbench;
  readonly server: SeededServer;
  /** The workspace: an empty folder, removed in the end. */
  readonly folder: string;
  /** A step of the way, counted as a test of its own; the next ones are not taken where it fails. */
  step(name: string, take: () => Promise<void>): Promise<void>;
  /** `.screenshots/NAME.png` */
  screenshot(name: string): Promise<void>;
  /**
   * The same in dark, light and both high contrasts: `.screenshots/NAME-vs-dark.png` and so on. In the webview, where one
   * is shown, axe-core must find nothing in any of them.
   */
  screenshotInAllThemes(name: string, webview?: FrameLocator): Promise<void>;
}

export interface UiTestOptions extends Omit<WorkbenchOptions, "vsix" | "folder"> {
  /** What the server holds. Default `SEEDS`. */
  readonly streams?: ReadonlyMap<string, readonly Seed[]>;
  /** Lays files into the workspace before VS Code opens it. */
  readonly prepare?: (folder: string) => void;
  /** A `.code-workspace` file among them, which is opened in place of the folder. */
  readonly workspaceFile?: string;
}

/**
 * A test with a workbench of its own, the packed extension in a clean profile, and a server of its own. A failure leaves
 * a screenshot. In the end nothing must have been asked of the world outside.
 */
export function uiTest(name: string, options: UiTestOptions, take: (ui: UiTest) => Promise<void>): void {
  const { streams, prepare, workspaceFile, ...workbenchOptions } = options;
  test(name, async (t) => {
    const vsix = process.env["SLUICE_TEST_VSIX"];
    if (vsix === undefined)
      throw new Error("UI tests run by `npm run test:extension -- ui`, which packs the extension.");
    mkdirSync(SCREENSHOTS, { recursive: true });
    const folder = mkdtempSync(join(tmpdir(), "sluice-ui-"));
    try {
      prepare?.(folder);
      await using server = await seededServer(streams);
      await using workbench = await Workbench.open({
        ...workbenchOptions,
        vsix,
        folder: join(folder, workspaceFile ?? ""),
      });
      const ui = scenario(t, workbench, server, folder);
      try {
        await take(ui);
      } catch (error) {
        await ui.screenshot(`failed-${name.replaceAll(/\W+/g, "-")}`);
        throw error;
      }
      t.assert.deepEqual(workbench.outsideRequests, [], "something was asked of the world outside");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

function scenario(test: TestContext, workbench: Workbench, server: SeededServer, folder: string): UiTest {
  const screenshot = async (name: string): Promise<void> => {
    await workbench.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  };
  return {
    workbench,
    server,
    folder,
    screenshot,
    async step(name, take) {
      let failure: { readonly error: unknown } | undefined;
      // A subtest that fails says so to the runner, not to the one who waits for it.
      await test.test(name, async () => {
        try {
          await take();
        } catch (error) {
          failure = { error };
          throw error;
        }
      });
      if (failure !== undefined) throw failure.error;
    },
    async screenshotInAllThemes(name, webview) {
      for (const [theme, kind] of Object.entries(THEMES) as [Theme, string][]) {
        await workbench.setTheme(theme);
        if (webview !== undefined) await workbench.webviews.hasTheme(webview, theme);
        await screenshot(`${name}-${kind}`);
        if (webview !== undefined) assert.deepEqual(await accessibilityViolations(webview), [], theme);
      }
    },
  };
}
