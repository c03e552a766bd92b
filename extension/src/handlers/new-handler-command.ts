import * as l10n from "@vscode/l10n";
import { commands, ProgressLocation, Uri, window, workspace } from "vscode";
import { showError } from "../connections/show-error.ts";
import { suggest } from "../notifications/offer.ts";
import type { Services } from "../services.ts";
import type { WorkspaceModel } from "../workspace-model/declarations.ts";
import { applyPlan } from "./apply-plan.ts";
import { askHandler, type ChosenMessage, componentName, type HandlerDraft, typeOf } from "./ask-handler.ts";
import { ownerOf } from "./ask-message-type.ts";
import type { MessageChoice, NewHandlerRequest } from "./generate/request.ts";
import type { HandlerNotWritten } from "./generate/not-written.ts";
import type { BodyType } from "./inference/body-type.ts";
import type { inferBody } from "./inference/infer-body.ts";
import { kindWord } from "./kind-words.ts";
import { sampleBodies } from "./seen/sample-bodies.ts";
import { type SeenType, seenTypes } from "./seen/seen-types.ts";
import { workspaceSources } from "./workspace-sources.ts";

/** The command that writes a new handler, for quick fixes, lenses and the palette alike. */
export const NEW_HANDLER_COMMAND = "sluice.newHandler";

/** What {@link NEW_HANDLER_COMMAND} can be told from the start: types of messages, and a component's name. */
export interface NewHandler {
  readonly message?: string;
  readonly component?: string;
  readonly sends?: string;
}

/** How long a server is asked what it holds: the user waits. */
const ASKED_MS = 10_000;

/** Asks what is to be written, shows it in the refactor preview, and writes what is accepted there. */
export async function newHandlerCommand(services: Services, given: NewHandler = {}): Promise<void> {
  if (workspace.workspaceFolders === undefined) {
    return suggest(l10n.t("Open a folder first: handlers are written into its sources."), [
      { title: l10n.t("New Project…"), command: "sluice.newProject", arguments: [] },
      { title: l10n.t("Open Folder…"), command: "vscode.openFolder", arguments: [] },
    ]);
  }
  const { connections, workspaceModels, log } = services;
  const writer = await import("./writer.ts");
  const asked = await workspaceModels.read();
  const { current } = connections;
  const draft = await askHandler(startOf(given, asked), {
    model: asked,
    nameProblem: writer.nameProblem,
    connection: current?.name,
    seen: (signal) => seenIn(services, signal),
  });
  if (draft?.kind === undefined || draft.message === undefined || draft.component === undefined) return;
  try {
    const body = await bodyOf(services, draft.message, writer.inferBody);
    // What was typed meanwhile has moved what is declared.
    const model = await workspaceModels.read();
    const request = await requestOf(renewed(draft, model), body, model);
    const { parseSource } = await import("../workspace-model/source-reader.ts");
    const plan = await writer.newHandler(request, model, workspaceSources, parseSource);
    const label = l10n.t("{0} for {1}", kindWord(draft.kind), typeOf(draft.message) ?? "");
    const isWritten = await applyPlan(plan, label);
    if (!isWritten) return;
    void commands.executeCommand("setContext", "sluice.handlerWritten", true);
    if (plan.lacksTransport !== undefined) void offerTransport(plan.lacksTransport);
    if (plan.startsProgram !== undefined)
      void window.showInformationMessage(
        l10n.t(
          "There is no test: it would have to import {0}, which starts a program. Move the messages into a file of their own.",
          workspace.asRelativePath(Uri.parse(plan.startsProgram, true)),
        ),
      );
  } catch (error) {
    log.error(error instanceof Error ? error : String(error));
    if (error instanceof writer.HandlerNotWritten) void window.showErrorMessage(refusal(error));
    else await showError(error, current);
  }
}

/** What was written does not run before its package has the transport. */
async function offerTransport(directory: string): Promise<void> {
  const folder = Uri.parse(directory, true);
  const said = l10n.t(
    "{0} does not depend on @sluice/transport yet. Install it, too.",
    workspace.asRelativePath(folder),
  );
  await suggest(said, [
    {
      title: l10n.t("Install"),
      command: "sluice.project.install",
      arguments: [{ folder, name: "@sluice/transport" }],
    },
  ]);
}

/** What was chosen, as it stands now; what is no longer there stays as it was, and is refused where it is needed. */
function renewed(draft: HandlerDraft, { components, messages, eventSourced }: WorkspaceModel): HandlerDraft {
  const { component, message, within, sends } = draft;
  const now = (chosen: ChosenMessage): ChosenMessage => {
    if (!("declared" in chosen)) return chosen;
    const { type, kind } = chosen.declared;
    return { declared: messages.find((one) => one.type === type && one.kind === kind) ?? chosen.declared };
  };
  const owner = component !== undefined && "declared" in component ? component.declared : undefined;
  return {
    ...draft,
    ...(owner === undefined
      ? {}
      : { component: { declared: components.find(({ name }) => name === owner.name) ?? owner } }),
    ...(message === undefined ? {} : { message: now(message) }),
    ...(within === undefined || within === "new"
      ? {}
      : { within: eventSourced.find(({ category }) => category === within.category) ?? within }),
    ...(sends === undefined || sends === "nothing" ? {} : { sends: now(sends) }),
  };
}

function startOf({ message, component, sends }: NewHandler, model: WorkspaceModel): HandlerDraft {
  const declared = model.messages.find(({ type }) => type === message);
  const owner = component ?? declared?.to;
  const known = model.components.find(({ name }) => name !== undefined && name === owner);
  const sent = model.messages.find(({ type }) => type === sends);
  return {
    ...(declared === undefined ? {} : { message: { declared } }),
    ...(known === undefined ? {} : { component: { declared: known } }),
    ...(sent === undefined ? {} : { sends: { declared: sent } }),
  };
}

/** Types that the current connection's server holds; none where there is no connection, or it does not answer. */
async function seenIn({ connections, log }: Services, ended: AbortSignal): Promise<readonly SeenType[]> {
  const { current } = connections;
  if (current === undefined) return [];
  const signal = AbortSignal.any([ended, AbortSignal.timeout(ASKED_MS)]);
  try {
    return await seenTypes(await connections.open(current.id), signal);
  } catch (error) {
    // Whoever wants a handler can name the message; that the server is away is told where it is looked at.
    if (!ended.aborted) log.warn(`The types in the streams of ${current.name} cannot be read: ${String(error)}`);
    return [];
  }
}

/** What the body of a message that was seen is, inferred from the newest of its events. */
async function bodyOf(
  { connections }: Services,
  message: ChosenMessage,
  infer: typeof inferBody,
): Promise<BodyType | undefined> {
  const { current } = connections;
  if (!("seen" in message) || current === undefined) return undefined;
  const { type } = message.seen;
  return window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t("Reading events of type {0}", type), cancellable: true },
    async (_, cancelled) => {
      const stop = new AbortController();
      cancelled.onCancellationRequested(() => stop.abort());
      try {
        const { bodies, others } = await sampleBodies(await connections.open(current.id), type, stop.signal);
        return infer(bodies).type ?? (others > 0 ? { kind: "bytes" } : undefined);
      } catch (error) {
        if (stop.signal.aborted) return undefined;
        throw error;
      }
    },
  );
}

async function requestOf(
  draft: HandlerDraft,
  body: BodyType | undefined,
  model: WorkspaceModel,
): Promise<NewHandlerRequest> {
  const { kind = "command-handler", component, message, name, within, sends } = draft;
  const own = componentName(draft);
  const choice = (chosen: ChosenMessage, to: string | undefined): MessageChoice => {
    if ("declared" in chosen) return chosen;
    const type = "seen" in chosen ? chosen.seen.type : chosen.named;
    const of = "seen" in chosen ? chosen.seen.kind : chosen.kind;
    const owner = of === "command" ? { to: to ?? ownerOf(type) } : {};
    return { new: { kind: of, type, ...owner, ...("seen" in chosen && body !== undefined ? { body } : {}) } };
  };
  return {
    kind,
    component:
      component !== undefined && "declared" in component
        ? component
        : { new: { name: own ?? "", ...(await placeFor(model)) } },
    message: message === undefined ? { new: { kind: "event", type: "" } } : choice(message, own),
    ...(name === undefined ? {} : { name }),
    ...(within === undefined || within === "new" ? {} : { within }),
    ...(sends === undefined || sends === "nothing" ? {} : { sends: choice(sends, undefined) }),
  };
}

/** Where a new component is written: beside the sources that are there, and in their language. */
async function placeFor({ components, messages }: WorkspaceModel) {
  const active = window.activeTextEditor?.document.uri;
  const folder = (active && workspace.getWorkspaceFolder(active))?.uri ?? workspace.workspaceFolders?.[0]?.uri;
  const root = folder?.toString().replace(/\/$/, "") ?? "";
  const sources = [...components, ...messages]
    .map(({ place }) => place.uri)
    .filter((uri) => uri.startsWith(`${root}/`));
  const [beside] = sources;
  const names = await workspaceSources.list(root);
  const isTypeScript =
    beside === undefined
      ? names.includes("tsconfig.json") || !names.includes("package.json")
      : /\.[cm]?tsx?$/.test(beside);
  const directory =
    beside === undefined ? (names.includes("src") ? `${root}/src` : root) : beside.slice(0, beside.lastIndexOf("/"));
  return { directory, language: isTypeScript ? ("TypeScript" as const) : ("JavaScript" as const) };
}

function refusal({ reason, uri }: HandlerNotWritten): string {
  const file = workspace.asRelativePath(Uri.parse(uri, true));
  switch (reason) {
    case "no-builder":
      return l10n.t(
        "Nothing was written: {0} does not show where a call can be added. Write out the function that declares it, with a name for what it gets, such as (c) => { … }.",
        file,
      );
    case "no-name":
      return l10n.t(
        "Nothing was written: the message is declared without a name in {0}. Give it one that can be exported.",
        file,
      );
    case "requires":
      return l10n.t(
        "Nothing was written: {0} loads modules by require. Sluice is an ECMAScript module; use import there.",
        file,
      );
    case "unreadable":
      return l10n.t("Nothing was written: {0} cannot be read. Mend its syntax first.", file);
  }
}
