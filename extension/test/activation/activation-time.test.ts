import assert from "node:assert/strict";
import { commands, extensions, workspace } from "vscode";
import { activationTimes } from "../workbench/activation-times.ts";

const ID = "sluice.sluice-vscode";
/** A round trip to the window takes about a millisecond where that has nothing else to do. */
const AT_REST_MS = 5;
const IN_A_ROW = 20;
/** A machine with much else to do lets it rest late. */
const REST_MS = 300_000;

suite("activation time", () => {
  test("is told once the window has come to rest", async function () {
    this.timeout(REST_MS);
    await windowAtRest();
    await extensions.getExtension(ID)!.activate();
    const { load, call, finish } = await measured();
    console.log(`activation: ${load + call + finish} ms: load ${load}, call ${call}, finish ${finish}`);
    assert.ok(load + call + finish > 0);
  });
});

/** Starting up keeps a window busy, and loading an extension waits for its answers. */
async function windowAtRest(): Promise<void> {
  for (let quick = 0; quick < IN_A_ROW;) {
    const began = performance.now();
    await commands.executeCommand("setContext", "sluice.test", quick);
    quick = performance.now() - began < AT_REST_MS ? quick + 1 : 0;
  }
}

async function measured(): Promise<{ load: number; call: number; finish: number }> {
  for (;;) {
    await commands.executeCommand("perfview.show");
    const document = workspace.textDocuments.find(({ uri }) => uri.scheme === "perf");
    const times = document && activationTimes(document.getText(), ID);
    if (times !== undefined) return times;
    await commands.executeCommand("workbench.action.closeActiveEditor");
  }
}
