import { newHandler, type NewHandlerPlan } from "../../../src/handlers/generate/new-handler.ts";
import type { NewHandlerRequest } from "../../../src/handlers/generate/request.ts";
import type { FileChange } from "../../../src/handlers/generate/module-draft.ts";
import type { WorkspaceModel } from "../../../src/workspace-model/declarations.ts";
import { parseSource, readSources } from "../../../src/workspace-model/source-reader.ts";

const ROOT = "file:///work";

/** A workspace in memory, as handlers are written into it. Names of files are relative to its root. */
export interface Workspace {
  readonly files: ReadonlyMap<string, string>;
  readonly model: WorkspaceModel;
}

export function workspaceOf(files: Readonly<Record<string, string>>): Workspace {
  return modelled(new Map(Object.entries(files)));
}

/** As in a real workspace, only sources are read, and what tells of packages. */
const IS_READ = /(?:^|\/)package\.json$|\.[cm]?[jt]sx?$/;

const modelled = (files: ReadonlyMap<string, string>): Workspace => ({
  files,
  model: readSources(
    [...files].filter(([name]) => IS_READ.test(name)).map(([name, text]) => ({ uri: `${ROOT}/${name}`, text })),
  ),
});

export const uriOf = (name: string): string => (name === "" ? ROOT : `${ROOT}/${name}`);

/** Writes a handler, and answers the workspace afterwards and what was planned. */
export async function written(
  { files, model }: Workspace,
  request: NewHandlerRequest,
): Promise<{
  readonly after: Workspace;
  readonly plan: NewHandlerPlan;
  readonly changed: Readonly<Record<string, string>>;
}> {
  const plan = await newHandler(
    request,
    model,
    {
      read: (uri) => Promise.resolve(files.get(uri.slice(ROOT.length + 1))),
      list: (directory) => {
        const prefix = directory === ROOT ? "" : `${directory.slice(ROOT.length + 1)}/`;
        const below = [...files.keys()]
          .filter((name) => name.startsWith(prefix))
          .map((name) => name.slice(prefix.length));
        return Promise.resolve(
          directory.startsWith(ROOT) ? [...new Set(below.map((name) => name.split("/")[0]!))] : [],
        );
      },
    },
    parseSource,
  );
  const after = new Map(files);
  const changed: Record<string, string> = {};
  for (const change of plan.changes) {
    const name = change.uri.slice(ROOT.length + 1);
    if (change.isNew === files.has(name)) throw new Error(`${name} is ${change.isNew ? "" : "not "}there already.`);
    after.set(name, applied(files.get(name) ?? "", change));
    changed[name] = after.get(name)!;
  }
  return { after: modelled(after), plan, changed };
}

/** As VS Code applies edits: all of them to the text as it was; those at one place in their order. */
function applied(text: string, { edits }: FileChange): string {
  let at = 0;
  let result = "";
  for (const { start, end, text: added } of edits) {
    if (start < at) throw new Error("Two edits overlap.");
    result += text.slice(at, start) + added;
    at = end;
  }
  return result + text.slice(at);
}
