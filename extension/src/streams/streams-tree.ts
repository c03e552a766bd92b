import {
  type Event,
  MarkdownString,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from "vscode";
import { streamItem } from "./stream-item.ts";
import type { StreamMarks } from "./stream-marks.ts";
import { keyOf, type StreamNode } from "./stream-node.ts";
import type { StreamsModel } from "./streams-model.ts";

/** The rows of the model as VS Code draws them. */
export class StreamsTree implements TreeDataProvider<StreamNode> {
  readonly onDidChangeTreeData: Event<StreamNode | undefined>;
  readonly #model: StreamsModel;
  readonly #marks: StreamMarks;
  readonly #onShown: () => void;

  /** `onShown` is told when the first rows have been read. */
  constructor(model: StreamsModel, marks: StreamMarks, changed: Event<StreamNode | undefined>, onShown: () => void) {
    this.#model = model;
    this.#marks = marks;
    this.onDidChangeTreeData = changed;
    this.#onShown = onShown;
  }

  async getChildren(node?: StreamNode): Promise<StreamNode[]> {
    const children = await this.#model.children(node);
    if (node === undefined) this.#onShown();
    return [...children];
  }

  getTreeItem(node: StreamNode): TreeItem {
    const isFavorite = node.kind === "stream" && this.#marks.favorites(node.connectionId).includes(node.stream);
    const shown = streamItem(node, isFavorite);
    const item = new TreeItem(
      shown.label,
      shown.isExpandable ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
    );
    item.id = keyOf(node);
    if (shown.description !== undefined) item.description = shown.description;
    if (shown.tooltip !== undefined) item.tooltip = new MarkdownString().appendText(shown.tooltip);
    item.iconPath = new ThemeIcon(shown.icon);
    item.contextValue = shown.contextValue;
    const command = commandOf(node);
    if (command !== undefined) item.command = { title: shown.label, ...command };
    return item;
  }
}

function commandOf(node: StreamNode): { command: string; arguments: unknown[] } | undefined {
  switch (node.kind) {
    case "stream":
      return { command: "sluice.streams.preview", arguments: [node] };
    case "more":
    case "search-further":
      return { command: "sluice.streams.load", arguments: [node] };
    case "connect":
      return { command: "sluice.connect", arguments: [node.connectionId] };
    case "remedy":
      return { command: node.action.command, arguments: [...node.action.arguments] };
    default:
      return undefined;
  }
}
