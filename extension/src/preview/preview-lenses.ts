import * as l10n from "@vscode/l10n";
import {
  CodeLens,
  type CodeLensProvider,
  type DocumentSelector,
  type Event,
  Range,
  type TextDocument,
  Uri,
} from "vscode";
import { presentError } from "../connections/error-presentation.ts";
import type { Connections } from "../connections/connections.ts";
import type { ComponentDeclaration, EventSourcedDeclaration } from "../workspace-model/declarations.ts";
import type { SourcePlace } from "../workspace-model/source-file.ts";
import { unreadableText } from "../workspace-model/unreadable-text.ts";
import type { WorkspaceModels } from "../workspace-model/workspace-models.ts";
import { categoriesOf, type ProjectionKey } from "./model/projection-preview.ts";
import { addressOf, type PreviewAddress } from "./preview-address.ts";
import type { ProjectionPreviews } from "./projection-previews.ts";

export const PREVIEW_COMMAND = "sluice.projection.preview";
export const COMPARE_COMMAND = "sluice.projection.compare";
export const DRY_RUN_COMMAND = "sluice.projection.dryRun";
export const REVEAL_COMMAND = "sluice.projection.reveal";

export const SOURCE_DOCUMENTS: DocumentSelector = [
  "typescript",
  "typescriptreact",
  "javascript",
  "javascriptreact",
].map((language) => ({ language }));

/** Above components: what deploying would make of them. Above an aggregate or process manager that one owns: its router. */
export function sourceLenses(models: WorkspaceModels, onDidChangeCodeLenses: Event<void>): CodeLensProvider {
  return {
    onDidChangeCodeLenses,
    async provideCodeLenses(document) {
      const uri = document.uri.toString();
      const { components } = await models.read();
      return components.flatMap((component) => [
        ...(component.place.uri === uri ? componentLenses(document, component) : []),
        ...component.handlers.flatMap(({ kind, place, owns }) => {
          const isSubscription = kind === "event-subscription" || kind === "receptor";
          if (isSubscription && place.uri === uri) return filterLens(document, component, place);
          return owns !== undefined && owns.kind !== "view" && owns.place.uri === uri
            ? categoryLenses(document, component, owns)
            : [];
        }),
      ]);
    },
  };
}

function componentLenses(document: TextDocument, component: ComponentDeclaration): readonly CodeLens[] {
  const { name, place, shape, unreadable } = component;
  const lens = (title: string, kind: ProjectionKey["kind"], owner: string): CodeLens =>
    previewLens(document, place, title, { kind, component: name ?? "", owner });
  const subscribes = shape === undefined || Object.keys(shape.events).length > 0;
  const [first] = unreadable;
  return [
    ...(name === undefined
      ? []
      : [
          lens(l10n.t("Preview Router"), "router", name),
          ...(subscribes ? [lens(l10n.t("Filter"), "filter", name)] : []),
          ...categoriesOf(component).map((category) =>
            lens(l10n.t("Router of {0}", category), "category-router", category),
          ),
        ]),
    ...(first === undefined
      ? []
      : [
          new CodeLens(rangeOf(document, place), {
            title: l10n.t("Not readable here: {0}", unreadableText(first.reason)),
            command: REVEAL_COMMAND,
            arguments: [first.place],
          }),
        ]),
  ];
}

function filterLens(document: TextDocument, { name }: ComponentDeclaration, place: SourcePlace): readonly CodeLens[] {
  if (name === undefined) return [];
  return [previewLens(document, place, l10n.t("Preview Filter"), { kind: "filter", component: name, owner: name })];
}

function categoryLenses(
  document: TextDocument,
  { name }: ComponentDeclaration,
  { category, place }: EventSourcedDeclaration,
): readonly CodeLens[] {
  if (name === undefined || category === undefined) return [];
  const key = { kind: "category-router", component: name, owner: category } as const;
  return [previewLens(document, place, l10n.t("Preview Router"), key)];
}

const previewLens = (document: TextDocument, place: SourcePlace, title: string, key: ProjectionKey): CodeLens =>
  new CodeLens(rangeOf(document, place), { title, command: PREVIEW_COMMAND, arguments: [key] });

const rangeOf = (document: TextDocument, { start }: SourcePlace): Range =>
  new Range(document.positionAt(start), document.positionAt(start));

/** Above a preview: what it rests on, and what can be done with it. */
export function previewLenses(
  previews: ProjectionPreviews,
  connections: Connections,
  onDidChangeCodeLenses: Event<void>,
): CodeLensProvider {
  return {
    onDidChangeCodeLenses,
    async provideCodeLenses({ uri }) {
      const address = addressOf(uri);
      if (address === undefined || address.shows === "deployed") return [];
      const found = await previews.find(address);
      const top = new Range(0, 0, 0, 0);
      // What can be done comes first: a narrow editor cuts off the rest.
      return [
        ...(address.connectionId === undefined
          ? []
          : [
              new CodeLens(top, { title: l10n.t("Compare with Deployed"), command: COMPARE_COMMAND, arguments: [uri] }),
              new CodeLens(top, { title: l10n.t("Dry Run…"), command: DRY_RUN_COMMAND, arguments: [uri] }),
            ]),
        new CodeLens(top, { title: basisText(address, found, connections), command: "" }),
        ...(found?.isStale === true
          ? [
              new CodeLens(top, {
                title: l10n.t("The source cannot be parsed as it stands: this is how it was read last"),
                command: "",
              }),
            ]
          : []),
      ];
    },
  };
}

/** Says by which server generations and positions are as they are. */
function basisText(
  address: PreviewAddress,
  found: Awaited<ReturnType<ProjectionPreviews["find"]>>,
  connections: Connections,
): string {
  const name = address.connectionId === undefined ? undefined : connections.find(address.connectionId)?.name;
  if (found === undefined || name === undefined || found.basis.kind === "no-server") {
    return l10n.t("Without a server: positions count from 0");
  }
  const { basis, preview } = found;
  if (basis.kind === "failed") {
    return l10n.t("Without {0}: {1}", name, presentError(basis.error).sentence);
  }
  const { deployed, text } = preview ?? {};
  if (deployed === undefined) return l10n.t("Not deployed on {0}", name);
  if (deployed.isGone) return l10n.t("Deleted on {0}: the next generation goes on where it had got to", name);
  return deployed.text === text
    ? l10n.t("As deployed on {0}", name)
    : l10n.t("Differs from what is deployed on {0}", name);
}

/** A place of a source, as an argument of a command. */
export function placeIn(argument: unknown): { readonly uri: Uri; readonly start: number } | undefined {
  const { uri, start } = Object(argument) as Partial<SourcePlace>;
  return typeof uri === "string" && typeof start === "number" ? { uri: Uri.parse(uri, true), start } : undefined;
}
