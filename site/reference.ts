import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Application } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";

const root = join(import.meta.dirname, "..");
const PACKAGES = ["transport", "embedded"];

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, { readonly "sluice-source": string }>>;
}

/** What users import: the name, and the file of the sources that it leads to. */
function entries(): ReadonlyMap<string, string> {
  return new Map(
    PACKAGES.flatMap((folder) => {
      const { name, exports } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
      return Object.entries(exports).map(
        ([path, conditions]) => [name + path.slice(1), join(root, folder, conditions["sluice-source"])] as const,
      );
    }),
  );
}

/**
 * Writes a page for everything that users can import, out of its docstrings.
 * @throws Error where a docstring links to a name that there is not.
 */
export async function writeReference(folder: string): Promise<void> {
  const named = entries();
  const markdown: PluginOptions = {
    entryFileName: "index",
    hidePageHeader: true,
    pageTitleTemplates: { module: "{name}", member: "{name}" },
    sanitizeComments: true,
    useCodeBlocks: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
  };
  const application = await Application.bootstrapWithPlugins({
    ...markdown,
    plugin: ["typedoc-plugin-markdown"],
    outputs: [{ name: "markdown", path: folder }],
    entryPoints: [...named.values()],
    basePath: root,
    tsconfig: join(root, "tsconfig.base.json"),
    // `npm run types` checks them.
    skipErrorChecking: true,
    disableSources: true,
    excludeExternals: true,
    excludePrivate: true,
    readme: "none",
    name: "Reference",
    logLevel: "Warn",
  });
  const project = await application.convert();
  if (project === undefined)
    throw new Error("The sources could not be read for the reference; what is above says why.");
  // It names modules by their files, and users know them by what they import.
  const names = new Map([...named].map(([name, file]) => [relative(root, file).replace(/(\/index)?\.ts$/, ""), name]));
  for (const module of project.children ?? []) module.name = names.get(module.name) ?? module.name;
  application.validate(project);
  await application.generateOutputs(project);
  if (application.logger.hasWarnings() || application.logger.hasErrors())
    throw new Error("The docstrings are not in order; what is above says where.");
}
