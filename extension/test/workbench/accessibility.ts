import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { FrameLocator } from "playwright-core";
import type * as Axe from "axe-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

declare global {
  // What the source above leaves behind in the document.
  var axe: typeof Axe | undefined;
}

/**
 * What axe-core finds wrong with the document of a webview, a line each; empty where nothing is.
 * The workbench gives the document its title, and lays it into a page of its own: rules for whole pages do not apply.
 */
export async function accessibilityViolations(document: FrameLocator): Promise<string[]> {
  const body = document.locator("body");
  // Through the debugger, which no content security policy keeps out.
  await body.evaluate(axeSource);
  return body.evaluate(async (body) => {
    const results = await globalThis.axe!.run(body, {
      resultTypes: ["violations"],
      rules: { "landmark-one-main": { enabled: false }, region: { enabled: false } },
    });
    return results.violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(" ")}: ${failureSummary ?? ""}`),
    );
  });
}
