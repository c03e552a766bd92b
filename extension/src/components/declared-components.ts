import type { Event } from "vscode";
import type { ComponentShape } from "@sluice/transport/topology";
import type { WorkspaceModel } from "../workspace-model/declarations.ts";
import type { SourcePlace } from "../workspace-model/source-file.ts";
import type { WorkspaceModels } from "../workspace-model/workspace-models.ts";

/** A component as the workspace declares it. */
export interface DeclaredComponent {
  readonly name: string;
  /** Undefined where the sources do not say all of it, so that nothing can be compared or deployed. */
  readonly shape?: ComponentShape | undefined;
  /** Where it is declared. */
  readonly place: SourcePlace;
}

/** The components that the workspace declares, as far as they are known now. */
export interface DeclaredComponents {
  readonly current: readonly DeclaredComponent[];
  readonly onDidChange: Event<unknown>;
  /** Reads them where nobody has yet; from then on they are followed as the sources are edited. */
  read(): Promise<unknown>;
}

/** Those of the workspace's sources; a name that cannot be read there names nothing that could be looked for. */
export function declaredComponents(models: Pick<WorkspaceModels, "last" | "read" | "onDidChange">): DeclaredComponents {
  let of: WorkspaceModel | undefined;
  let current: readonly DeclaredComponent[] = [];
  return {
    get current() {
      if (of !== models.last) current = declaredIn((of = models.last));
      return current;
    },
    onDidChange: models.onDidChange,
    read: async () => models.last ?? models.read(),
  };
}

const declaredIn = (model: WorkspaceModel | undefined): readonly DeclaredComponent[] =>
  (model?.components ?? []).flatMap(({ name, shape, place }) => (name === undefined ? [] : [{ name, shape, place }]));
