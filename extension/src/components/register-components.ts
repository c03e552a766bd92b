import { commands, Disposable, env, EventEmitter, l10n, Range, Uri, window, workspace } from "vscode";
import { publishedStream, deploymentStream, intermediateStream, queueStream } from "@sluice/transport/topology";
import { readOnlyDocuments } from "../events/read-only-documents.ts";
import { askChoice } from "../quick-input/ask-choice.ts";
import { BACK } from "../quick-input/run-steps.ts";
import type { Services } from "../services.ts";
import { OPEN_STREAM_COMMAND, type OpenStream } from "../stream-panel/open-stream.ts";
import { commandRows, type RowArguments } from "../tree-view/command-rows.ts";
import {
  type ChangeComponent,
  deployComponent,
  pruneComponent,
  repairComponent,
  retireComponent,
} from "./change-component.ts";
import { type ComponentTarget, SHOW_PLAN_COMMAND, targetIn } from "./component-commands.ts";
import type { ComponentRow } from "./component-row.ts";
import { type ComponentStatus, isRepairable, isThere } from "./component-status.ts";
import { stateWord } from "./component-words.ts";
import { ComponentsModel } from "./components-model.ts";
import { planTexts } from "./plan-texts.ts";
import { rowsTree } from "./rows-tree.ts";
import { watchedWhile } from "../tree-view/watched-while.ts";

/** The Components view and its commands. */
export function registerComponents({ connections, server, declared }: Services): Disposable {
  const changed = new EventEmitter<undefined>();
  const show = (): void => changed.fire(undefined);
  const model = new ComponentsModel({ connections, server, declared });
  const view = window.createTreeView<ComponentRow>("sluice.components", {
    treeDataProvider: rowsTree((row?: ComponentRow) => model.children(row), changed.event),
    showCollapseAll: true,
  });
  const documents = readOnlyDocuments(
    "sluice-plan",
    l10n.t("This was opened before the window was reloaded. Open it again from the Components view."),
  );
  const watch = watchedWhile(view, () => server.watch());
  const describe = (): void => void (view.description = connections.current?.name ?? "");
  describe();

  /** The component that a command is for: that of the row it was called on, of the selected one, or one that the user chooses. */
  async function targetOf(
    argument: unknown,
    title: string,
    isFor: (status: ComponentStatus) => boolean,
  ): Promise<ComponentTarget | undefined> {
    const said = targetIn(argument);
    if (said !== undefined) return said;
    const { current } = connections;
    if (current === undefined) {
      await commands.executeCommand("sluice.chooseConnection");
      return undefined;
    }
    await declared.read();
    await server.look();
    const fitting = model.statuses.filter(isFor);
    if (fitting.length === 0) {
      void window.showInformationMessage(l10n.t("There is no component on {0} that this is for.", current.name));
      return undefined;
    }
    const answer = await askChoice({
      title,
      placeholder: l10n.t("Which component?"),
      choices: fitting.map(({ name, state }) => ({ value: name, label: name, description: stateWord(state) })),
    });
    return answer === undefined || answer === BACK ? undefined : { connectionId: current.id, component: answer.value };
  }

  const command = (
    id: string,
    title: string,
    isFor: (status: ComponentStatus) => boolean,
    run: (target: ComponentTarget) => Promise<unknown>,
  ): Disposable =>
    commands.registerCommand(id, async (...given: RowArguments<ComponentRow>) => {
      const [row] = commandRows(given, view.selection);
      const isForNone = row === undefined && given.length > 0;
      const target = isForNone ? undefined : await targetOf(row, title, isFor);
      if (target !== undefined) await run(target);
    });
  const change = (
    id: string,
    title: string,
    isFor: (status: ComponentStatus) => boolean,
    how: ChangeComponent,
  ): Disposable => command(id, title, isFor, (target) => how({ connections, server, model }, target));

  async function showPlan(target: ComponentTarget): Promise<void> {
    await server.look();
    const status = model.find(target);
    const texts = status && planTexts(status);
    if (texts === undefined) {
      void window.showInformationMessage(
        l10n.t("{0} is not declared in this workspace in a way that can be read here.", target.component),
      );
      return;
    }
    const { component, connectionId } = target;
    const on = connections.find(connectionId)?.name ?? "";
    await commands.executeCommand(
      "vscode.diff",
      documents.create(`${component}.yaml`, texts.deployed),
      documents.create(`${component}.yaml`, texts.declared),
      l10n.t("{0}: on {1} ↔ declared", component, on),
      { preview: true },
    );
  }

  async function browseStream(target: ComponentTarget): Promise<void> {
    const { component, connectionId } = target;
    const answer = await askChoice({
      title: l10n.t("Browse a Stream of {0}", component),
      placeholder: l10n.t("Which stream?"),
      choices: streamsOf(component, model.find(target)),
    });
    if (answer === undefined || answer === BACK) return;
    await openStream({ connectionId, stream: answer.value });
  }

  const isDeclared = ({ plan }: ComponentStatus): boolean => plan !== undefined;
  const isOn = ({ observed }: ComponentStatus): boolean => isThere(observed);
  return Disposable.from(
    changed,
    view,
    documents,
    watch,
    server.onDidChange(show),
    declared.onDidChange(() => {
      // One that was declared just now may be on the server already.
      if (view.visible) void server.look();
      show();
    }),
    connections.onDidChange(() => {
      describe();
      show();
    }),
    commands.registerCommand("sluice.components.refresh", () => server.look()),
    command(SHOW_PLAN_COMMAND, l10n.t("Show Plan"), isDeclared, showPlan),
    change(
      "sluice.components.deploy",
      l10n.t("Deploy Component"),
      ({ plan }) => plan !== undefined && (plan.steps.length > 0 || plan.open !== undefined),
      deployComponent,
    ),
    change(
      "sluice.components.prune",
      l10n.t("Prune Component"),
      ({ plan }) => plan !== undefined && plan.removals.length > 0,
      pruneComponent,
    ),
    change("sluice.components.repair", l10n.t("Repair Component"), isRepairable, repairComponent),
    change("sluice.components.retire", l10n.t("Retire Component"), isOn, retireComponent),
    command("sluice.components.browseQueue", l10n.t("Browse Queue"), isOn, async ({ connectionId, component }) =>
      openStream({ connectionId, stream: queueStream(component) }),
    ),
    command("sluice.components.browseStream", l10n.t("Browse Stream"), isOn, browseStream),
    command(
      "sluice.components.openDeclaration",
      l10n.t("Go to Declaration"),
      ({ declared: declaration }) => declaration !== undefined,
      async (target) => {
        const place = declared.current.find(({ name }) => name === target.component)?.place;
        if (place === undefined) return;
        const document = await workspace.openTextDocument(Uri.parse(place.uri, true));
        const start = document.positionAt(place.start);
        await window.showTextDocument(document, { selection: new Range(start, start) });
      },
    ),
    command(
      "sluice.components.copyName",
      l10n.t("Copy Name"),
      () => true,
      async ({ component }) => {
        await env.clipboard.writeText(component);
        window.setStatusBarMessage(l10n.t("Copied {0}", component), 5000);
      },
    ),
  );
}

const openStream = (open: OpenStream): Thenable<unknown> => commands.executeCommand(OPEN_STREAM_COMMAND, open);

/** The streams that belong to a component, with what each is. */
function streamsOf(component: string, status: ComponentStatus | undefined) {
  const routers = Object.entries(status?.observed?.deployed?.routers ?? {});
  return [
    { value: queueStream(component), description: l10n.t("its queue") },
    { value: intermediateStream(component), description: l10n.t("what it sends and publishes") },
    ...routers.map(([owner, { generation }]) => ({
      value: publishedStream(owner, generation),
      description: l10n.t("what {0} publishes", owner),
    })),
    ...routers
      .filter(([owner]) => owner !== component)
      .map(([owner]) => ({ value: `$ce-${owner}`, description: l10n.t("all events of {0}", owner) })),
    { value: deploymentStream(component), description: l10n.t("its deployments") },
  ].map((choice) => ({ ...choice, label: choice.value }));
}
