import * as l10n from "@vscode/l10n";
import { commands, Disposable, EventEmitter, languages, Range, Uri, ViewColumn, window, workspace } from "vscode";
import { showError } from "../connections/show-error.ts";
import { askChoice } from "../quick-input/ask-choice.ts";
import { BACK } from "../quick-input/run-steps.ts";
import type { Services } from "../services.ts";
import { dryRuns } from "./dry-run/run-dry.ts";
import { deployedOn } from "./model/deployed-on.ts";
import type { ProjectionKind, ProjectionPreview } from "./model/projection-preview.ts";
import { addressOf, keyIn, type PreviewAddress, PROJECTION_SCHEME, uriOf } from "./preview-address.ts";
import { previewDocuments } from "./preview-documents.ts";
import {
  COMPARE_COMMAND,
  DRY_RUN_COMMAND,
  placeIn,
  PREVIEW_COMMAND,
  previewLenses,
  REVEAL_COMMAND,
  SOURCE_DOCUMENTS,
  sourceLenses,
} from "./preview-lenses.ts";
import { ProjectionPreviews } from "./projection-previews.ts";

/** Previews of projections: documents, lenses and commands. */
export function registerPreview({ connections, workspaceModels: models, server }: Services): Disposable {
  const previews = new ProjectionPreviews(models, connections);
  const documents = previewDocuments(previews, models);
  const dry = dryRuns(connections);
  const lensesChanged = new EventEmitter<void>();
  const show = (): void => {
    documents.refresh();
    lensesChanged.fire();
  };

  let seen = deployedOn(server.view);

  /** The projection that a command is for: what it was called with, what is in front, or what the user picks. */
  async function choose(argument: unknown): Promise<PreviewAddress | undefined> {
    const shown = addressOf(window.activeTextEditor?.document.uri);
    const wanted = argument === undefined && shown !== undefined ? shown : keyIn(argument);
    const connectionId = connections.current?.id;
    previews.forget(connectionId);
    const component = wanted.component ?? (await pickComponent(previews));
    if (component === undefined) return undefined;
    const found = (await previews.of(component, connectionId))?.previews ?? [];
    const fitting = found.filter(
      ({ kind, owner, name }) =>
        (wanted.kind === undefined || wanted.kind === kind) &&
        (wanted.owner === undefined || wanted.owner === owner) &&
        (wanted.kind !== "backfill" || wanted.name === name),
    );
    const preview = wanted.kind === undefined ? await pickProjection(component, found) : fitting[0];
    if (preview === undefined) {
      if (wanted.kind !== undefined) {
        void window.showInformationMessage(l10n.t("Deploying {0} would make no such projection.", component));
      }
      return undefined;
    }
    const { kind, owner, name } = preview;
    return { shows: "preview", kind, component, owner, name, ...(connectionId === undefined ? {} : { connectionId }) };
  }

  async function preview(argument?: unknown): Promise<void> {
    const address = await choose(argument);
    if (address === undefined) return;
    await window.showTextDocument(uriOf(address), { viewColumn: ViewColumn.Beside, preview: true });
    show();
  }

  async function compare(argument?: unknown): Promise<void> {
    if (!(await hasConnection())) return;
    const address = await choose(argument);
    if (address?.connectionId === undefined) return;
    const { name: server } = connections.find(address.connectionId) ?? { name: "" };
    const found = await previews.find(address);
    if (found?.basis.kind === "failed") {
      await showError(found.basis.error, connections.find(address.connectionId));
      return;
    }
    show();
    const title =
      found?.preview?.deployed === undefined
        ? l10n.t("{0}: not deployed on {1} ↔ preview", address.name, server)
        : l10n.t("{0}: deployed on {1} ↔ preview", address.name, server);
    await commands.executeCommand("vscode.diff", uriOf({ ...address, shows: "deployed" }), uriOf(address), title, {
      // Beside the preview, not in its place.
      preview: false,
    });
  }

  /** What is in front, be it a preview or what is deployed; otherwise a preview that is picked. */
  async function runDry(argument?: unknown): Promise<void> {
    const shown = addressOf(argument instanceof Uri ? argument : window.activeTextEditor?.document.uri);
    if (!(await hasConnection())) return;
    const address = await choose(argument ?? shown);
    const connection = connections.find(address?.connectionId ?? "");
    if (address === undefined || connection === undefined) return;
    const found = await previews.find(address);
    if (found?.basis.kind === "failed") return showError(found.basis.error, connection);
    const isDeployed = shown?.shows === "deployed";
    const script = isDeployed ? found?.preview?.deployed?.text : found?.preview?.text;
    if (script === undefined) {
      void window.showInformationMessage(
        l10n.t("{0} cannot be told from the sources, so it cannot be tried.", address.name),
      );
      return;
    }
    const uri = uriOf({ ...address, shows: isDeployed ? "deployed" : "preview" });
    await dry.run({ address, uri, script, connection });
  }

  /** Lets the user choose one where there is none. */
  async function hasConnection(): Promise<boolean> {
    if (connections.current === undefined) await commands.executeCommand("sluice.chooseConnection");
    return connections.current !== undefined;
  }

  async function reveal(argument: unknown): Promise<void> {
    const place = placeIn(argument);
    if (place === undefined) return;
    const document = await workspace.openTextDocument(place.uri);
    const at = document.positionAt(place.start);
    await window.showTextDocument(document, { selection: new Range(at, at) });
  }

  return Disposable.from(
    documents,
    dry,
    lensesChanged,
    commands.registerCommand(DRY_RUN_COMMAND, runDry),
    commands.registerCommand(PREVIEW_COMMAND, preview),
    commands.registerCommand(COMPARE_COMMAND, compare),
    commands.registerCommand(REVEAL_COMMAND, reveal),
    languages.registerCodeLensProvider(SOURCE_DOCUMENTS, sourceLenses(models, lensesChanged.event)),
    languages.registerCodeLensProvider(
      { scheme: PROJECTION_SCHEME },
      previewLenses(previews, connections, lensesChanged.event),
    ),
    models.onDidChange(() => lensesChanged.fire()),
    connections.onDidChange((id) => {
      previews.forget(id);
      show();
    }),
    server.onDidChange(() => {
      const now = deployedOn(server.view);
      if (now === undefined || now.what === seen?.what) return;
      seen = now;
      previews.forget(now.connectionId);
      show();
    }),
  );
}

async function pickComponent(previews: ProjectionPreviews): Promise<string | undefined> {
  const components = await previews.components();
  if (components.length === 0) {
    void window.showInformationMessage(l10n.t("No component is declared in the sources of this workspace."));
    return undefined;
  }
  const [only] = components;
  if (only !== undefined && components.length === 1) return only.name;
  const answer = await askChoice({
    title: l10n.t("Preview Projections"),
    placeholder: l10n.t("Of which component?"),
    choices: components.map(({ name, place }) => ({
      value: name,
      label: name,
      description: workspace.asRelativePath(Uri.parse(place.uri, true)),
    })),
  });
  return answer === undefined || answer === BACK ? undefined : answer.value;
}

async function pickProjection(
  component: string,
  all: readonly ProjectionPreview[],
): Promise<ProjectionPreview | undefined> {
  const answer = await askChoice({
    title: l10n.t("Preview Projections of {0}", component),
    placeholder: l10n.t("Which projection?"),
    choices: all.map((preview) => ({
      value: preview,
      label: preview.name,
      description: kindText(preview.kind),
      ...(preview.text === undefined ? { detail: l10n.t("Not readable here") } : {}),
    })),
  });
  return answer === undefined || answer === BACK ? undefined : answer.value;
}

function kindText(kind: ProjectionKind): string {
  switch (kind) {
    case "router":
      return l10n.t("router: what it sends and publishes");
    case "category-router":
      return l10n.t("router of a category: what its streams send and publish");
    case "filter":
      return l10n.t("filter: what it subscribes to");
    case "backfill":
      return l10n.t("backfill: history that it subscribes to later");
  }
}
