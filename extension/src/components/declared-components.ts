import type { Event } from "vscode";
import type { ComponentShape } from "@sluice/transport/topology";
import type { WorkspaceModel } from "../workspace-model/declarations.ts";
import type { SourcePlace } from "../workspace-model/source-file.ts";
import { unreadableText } from "../workspace-model/unreadable-text.ts";
import type { WorkspaceModels } from "../workspace-model/workspace-models.ts";

/** A component as the workspace declares it. */
export interface DeclaredComponent {
  readonly name: string;
  /** Undefined where the sources do not say all of it, so that nothing can be compared or deployed. */
  readonly shape?: ComponentShape | undefined;
  /** What cannot be told from the sources, and why: a sentence each, with its file. */
  readonly unreadable?: readonly string[];
  /** Its source cannot be parsed as it stands: what is told is of the last that could be. */
  readonly isStale?: boolean;
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
  (model?.components ?? []).flatMap(({ name, shape, place, unreadable }) => {
    if (name === undefined) return [];
    const sentences = unreadable.map(({ reason, place: { uri } }) => `${fileOf(uri)}: ${unreadableText(reason)}`);
    const isStale = model?.unparsed.some((source) => source.place.uri === place.uri) ?? false;
    return [{ name, shape, place, unreadable: sentences, isStale }];
  });

const fileOf = (uri: string): string => decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
