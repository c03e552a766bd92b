import assert from "node:assert/strict";
import { Uri, workspace } from "vscode";
import { newHandler } from "../../src/handlers/generate/new-handler.ts";
import { workspaceSources } from "../../src/handlers/workspace-sources.ts";
import { parseSource } from "../../src/workspace-model/source-reader.ts";
import { workspaceModels } from "../../src/workspace-model/workspace-models.ts";

const MESSAGES = `import { event } from "@sluice/transport";

export const OrderPlaced = event("sales.OrderPlaced")<{ orderId: string }>();
`;
const BILLING = `import { component } from "@sluice/transport";

export const billing = component("billing", (c) => {});
`;

suite("a handler in a virtual workspace", () => {
  const src = Uri.joinPath(workspace.workspaceFolders![1]!.uri, "src");
  const write = (name: string, text: string) =>
    workspace.fs.writeFile(Uri.joinPath(src, name), new TextEncoder().encode(text));

  suiteSetup(async () => {
    await write("messages.ts", MESSAGES);
    await write("billing.ts", BILLING);
    await write("on-order-placed.ts", "");
  });
  suiteTeardown(() => workspace.fs.delete(src, { recursive: true }));

  test("is planned beside its component, and takes no file's name", async () => {
    assert.equal(src.scheme, "tmp");
    const models = workspaceModels();
    try {
      const model = await models.read();
      const [component] = model.components;
      const [message] = model.messages;
      const { changes } = await newHandler(
        { kind: "event-subscription", component: { declared: component! }, message: { declared: message! } },
        model,
        workspaceSources,
        parseSource,
      );
      const changed = changes.map(({ uri, isNew }) => `${isNew ? "new " : ""}${uri.slice(src.toString().length + 1)}`);
      assert.deepEqual(changed.toSorted(), [
        "billing.ts",
        "new on-order-placed-handler.test.ts",
        "new on-order-placed-handler.ts",
      ]);
    } finally {
      models.dispose();
    }
  });
});
