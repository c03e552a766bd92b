import * as l10n from "@vscode/l10n";
import { commands, Disposable, env, EventEmitter, ProgressLocation, type TreeView, window } from "vscode";
import type { Connection } from "../connections/connection.ts";
import { showError } from "../connections/show-error.ts";
import type { Services } from "../services.ts";
import { OPEN_STREAM_COMMAND, type OpenStream } from "../stream-panel/open-stream.ts";
import { findStream } from "./find-stream.ts";
import { searchedText, shortened } from "./stream-item.ts";
import { StreamMarks } from "./stream-marks.ts";
import { commandRows, type RowArguments } from "../tree-view/command-rows.ts";
import { OpenIntent } from "./open-intent.ts";
import { categoryStreamOf, metastreamOf } from "./stream-name.ts";
import { keyOf, type StreamNode } from "./stream-node.ts";
import { StreamsModel } from "./streams-model.ts";
import { StreamsTree } from "./streams-tree.ts";

type Row<Kind extends StreamNode["kind"]> = Extract<StreamNode, { kind: Kind }>;

/** The Streams view and its commands. */
export function registerStreams({ connections, globalState }: Services): Disposable {
  const changed = new EventEmitter<StreamNode | undefined>();
  const marked = new EventEmitter<string>();
  const marks = new StreamMarks(globalState, marked);
  const show = (): void => changed.fire(undefined);
  const model = new StreamsModel(connections, marks, show);
  const tree = new StreamsTree(model, marks, changed.event, () => tell(view, model, connections.current?.name));
  const view: TreeView<StreamNode> = window.createTreeView("sluice.streams", {
    treeDataProvider: tree,
    showCollapseAll: true,
  });
  const showsSystem = (isOn: boolean): void => {
    model.showsSystem = isOn;
    void commands.executeCommand("setContext", "sluice.streams.showsSystem", isOn);
    show();
  };

  const intent = new OpenIntent(() => performance.now());
  const open = async (connectionId: string, stream: string, how: Partial<OpenStream> = {}): Promise<void> => {
    await commands.executeCommand(OPEN_STREAM_COMMAND, { connectionId, stream, ...how } satisfies OpenStream);
    if (how.isPreview !== true) await marks.opened(connectionId, stream);
  };
  /** One click shows a stream and leaves the focus where it is; a second one, or Enter, opens it. */
  const click = (row: Row<"stream">): Promise<void> => {
    const isPreview = intent.of(keyOf(row)) === "look";
    return open(row.connectionId, row.stream, isPreview ? { isPreview } : {});
  };

  async function find(): Promise<void> {
    const { current } = connections;
    if (current === undefined) {
      await commands.executeCommand("sluice.chooseConnection");
      return;
    }
    const stream = await findStream(model, marks, current.id);
    if (stream !== undefined) await open(current.id, stream);
  }

  /** Of a server that was lost the view says so itself where it is in sight. */
  const tellFailure = async (error: unknown, connection: Connection | undefined): Promise<void> => {
    const isSaid = view.visible && connection !== undefined && connections.stateOf(connection.id).kind === "failed";
    if (!isSaid) await showError(error, connection);
  };

  const load = (node: StreamNode): Thenable<void> =>
    window.withProgress(
      { location: ProgressLocation.Notification, title: l10n.t("Searching for streams"), cancellable: true },
      async (progress, canceled) => {
        const stop = new AbortController();
        canceled.onCancellationRequested(() => stop.abort());
        try {
          const onProgress = (searched: Parameters<typeof searchedText>[0]): void =>
            progress.report({ message: searchedText(searched) });
          await model.load(node, { signal: stop.signal, onProgress });
        } catch (error) {
          if (!stop.signal.aborted) await tellFailure(error, connections.find(node.connectionId));
        }
        show();
      },
    );

  /** A command for a stream's row: the one it was called on, or the one that is selected, for the keyboard. */
  const forRow = <Kind extends StreamNode["kind"]>(
    id: string,
    kind: Kind,
    run: (row: Row<Kind>) => unknown,
  ): Disposable =>
    commands.registerCommand(id, async (...given: RowArguments<StreamNode>) => {
      const [row] = commandRows(given, view.selection);
      if (isOf(kind, row)) await run(row);
    });
  const copy = async (name: string): Promise<void> => {
    await env.clipboard.writeText(name);
    window.setStatusBarMessage(l10n.t("Copied {0}", shortened(name)), 5000);
  };

  return Disposable.from(
    changed,
    marked,
    view,
    new Disposable(() => model.forget()),
    marked.event(show),
    // What is loaded of another connection, or of one that was edited or closed, is not what is asked for next.
    connections.onDidChange(() => {
      model.forgetLost();
      show();
    }),
    commands.registerCommand("sluice.findStream", find),
    commands.registerCommand("sluice.streams.refresh", async () => {
      await model.refresh().catch((error: unknown) => tellFailure(error, connections.current));
      show();
    }),
    commands.registerCommand("sluice.streams.showSystem", () => showsSystem(true)),
    commands.registerCommand("sluice.streams.hideSystem", () => showsSystem(false)),
    commands.registerCommand("sluice.streams.load", (node?: StreamNode) => node && load(node)),
    commands.registerCommand("sluice.streams.enter", () => {
      intent.entered();
      return commands.executeCommand("list.select");
    }),
    forRow("sluice.streams.preview", "stream", click),
    forRow("sluice.streams.open", "stream", ({ connectionId, stream }) => open(connectionId, stream)),
    forRow("sluice.streams.openStart", "stream", ({ connectionId, stream }) =>
      open(connectionId, stream, { revision: "0" }),
    ),
    forRow("sluice.streams.openMetadata", "stream", ({ connectionId, stream }) =>
      open(connectionId, metastreamOf(stream)),
    ),
    forRow("sluice.streams.openCategory", "category", ({ connectionId, category }) =>
      open(connectionId, categoryStreamOf(category)),
    ),
    forRow("sluice.streams.copyCategory", "category", ({ category }) => copy(category)),
    forRow("sluice.streams.addFavorite", "stream", ({ connectionId, stream }) =>
      marks.addFavorite(connectionId, stream),
    ),
    forRow("sluice.streams.removeFavorite", "stream", ({ connectionId, stream }) =>
      marks.removeFavorite(connectionId, stream),
    ),
    forRow("sluice.streams.copyName", "stream", ({ stream }) => copy(stream)),
  );
}

function isOf<Kind extends StreamNode["kind"]>(kind: Kind, row: StreamNode | undefined): row is Row<Kind> {
  return row?.kind === kind;
}

/** Says whose streams are shown, and where they are from when that is not the server's own list. */
function tell(view: TreeView<StreamNode>, model: StreamsModel, connection: string | undefined): void {
  view.description = connection ?? "";
  // VS Code takes a message away where there is none.
  Object.assign(view, {
    message:
      model.origin === "$all"
        ? l10n.t(
            "Read from the log, since the server lists no streams: slower, and not counted. Enable its projections $streams and $stream_by_category for a list.",
          )
        : undefined,
  });
}
