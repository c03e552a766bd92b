import { commands, Disposable } from "vscode";
import type { Services } from "../services.ts";
import { newProject } from "./new-project.ts";
import { type PackageToInstall, projectTerminals } from "./project-terminals.ts";

/** What a newcomer begins with: a project, its packages, and running it. */
export function registerNewProject({ extensionUri, connections }: Services): Disposable {
  const terminals = projectTerminals(connections);
  return Disposable.from(
    terminals,
    commands.registerCommand("sluice.newProject", () => newProject(extensionUri)),
    commands.registerCommand("sluice.project.install", (more?: PackageToInstall) => terminals.install(more)),
    commands.registerCommand("sluice.project.start", () => terminals.start()),
  );
}
