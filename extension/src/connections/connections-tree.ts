import {
  type Disposable,
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from "vscode";
import type { ConnectionState } from "./connection.ts";
import { connectionItem } from "./connection-item.ts";
import type { ConnectionRegistry } from "./connection-registry.ts";
import type { ErrorAction } from "../notifications/error-action.ts";
import { presentError } from "./error-presentation.ts";
import type { SharedNotice } from "./shared-notices.ts";

/** A row of the view. Commands take it as their argument. */
export type ConnectionNode =
  | { readonly kind: "connection"; readonly connectionId: string }
  /** What has to be known about the workspace's own connections. */
  | { readonly kind: "notice"; readonly notice: SharedNotice }
  /** Why a connection has failed. */
  | { readonly kind: "reason"; readonly connectionId: string; readonly sentence: string }
  /** What can be done about it. */
  | { readonly kind: "remedy"; readonly connectionId: string; readonly action: ErrorAction };

/** The connections with their states; beneath one that has failed, why, and what leads to the remedy. */
export class ConnectionsTree implements TreeDataProvider<ConnectionNode>, Disposable {
  readonly #registry: ConnectionRegistry;
  readonly #notices: () => readonly SharedNotice[];
  readonly #changed = new EventEmitter<ConnectionNode[] | undefined>();
  /** The first rows, as VS Code has them, and what made them these. */
  #rows: ConnectionNode[] = [];
  #layout: string | undefined;

  constructor(registry: ConnectionRegistry, notices: () => readonly SharedNotice[]) {
    this.#registry = registry;
    this.#notices = notices;
  }

  get onDidChangeTreeData() {
    return this.#changed.event;
  }

  /**
   * Shows what has changed, in the rows that are there where no other ones are wanted: until a whole tree is drawn anew, VS Code
   * does not say which row a menu was opened on.
   */
  refresh(): void {
    const isLaidOutAnew = this.#layout !== this.#wantedLayout();
    this.#changed.fire(isLaidOutAnew ? undefined : this.#rows.filter(({ kind }) => kind === "connection"));
  }

  dispose(): void {
    this.#changed.dispose();
  }

  getChildren(node?: ConnectionNode): ConnectionNode[] {
    if (node === undefined) {
      this.#layout = this.#wantedLayout();
      this.#rows = [
        ...this.#registry.all.map(({ id }) => ({ kind: "connection" as const, connectionId: id })),
        ...this.#notices().map((notice) => ({ kind: "notice" as const, notice })),
      ];
      return this.#rows;
    }
    if (node.kind !== "connection") return [];
    const { connectionId } = node;
    const state = this.#registry.stateOf(connectionId);
    if (state.kind !== "failed") return [];
    const { sentence, actions } = presentError(state.error, this.#registry.find(connectionId));
    return [
      { kind: "reason", connectionId, sentence },
      ...actions.map((action) => ({ kind: "remedy" as const, connectionId, action })),
    ];
  }

  /** Asked for what is to be revealed. */
  getParent(node: ConnectionNode): ConnectionNode | undefined {
    return node.kind === "reason" || node.kind === "remedy"
      ? { kind: "connection", connectionId: node.connectionId }
      : undefined;
  }

  getTreeItem(node: ConnectionNode): TreeItem {
    switch (node.kind) {
      case "connection":
        return this.#connectionItem(node.connectionId);
      case "notice":
        return noticeItem(node.notice);
      case "reason":
        return reasonItem(node.sentence);
      case "remedy":
        return remedyItem(node.action);
    }
  }

  /** Another id makes VS Code forget that the row could not be expanded before. */
  #rowId(connectionId: string): string {
    return this.#registry.stateOf(connectionId).kind === "failed" ? `${connectionId} failed` : connectionId;
  }

  #wantedLayout(): string {
    return JSON.stringify([this.#registry.all.map(({ id }) => this.#rowId(id)), this.#notices()]);
  }

  #connectionItem(id: string): TreeItem {
    const connection = this.#registry.find(id);
    if (connection === undefined) return new TreeItem(id);
    const state: ConnectionState = this.#registry.stateOf(id);
    const shown = connectionItem(connection, state, this.#registry.current?.id === id);
    const item = new TreeItem(
      shown.label,
      state.kind === "failed" ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.None,
    );
    item.id = this.#rowId(id);
    item.description = shown.description;
    item.tooltip = new MarkdownString().appendText(shown.tooltip.join("\n"));
    item.iconPath = new ThemeIcon(
      shown.icon,
      shown.color === undefined ? undefined : new ThemeColor(`sluice.${shown.color}`),
    );
    item.contextValue = shown.contextValue;
    item.accessibilityInformation = { label: shown.spoken };
    item.command = { command: "sluice.useConnection", title: "", arguments: [id] };
    return item;
  }
}

function noticeItem({ text, tooltip, icon, action }: SharedNotice): TreeItem {
  const item = new TreeItem(text);
  item.tooltip = tooltip;
  // Without it the tooltip alone would be spoken.
  item.accessibilityInformation = { label: `${text}. ${tooltip}` };
  item.iconPath = new ThemeIcon(icon);
  item.command = { ...action, arguments: [...action.arguments] };
  return item;
}

function reasonItem(sentence: string): TreeItem {
  const item = new TreeItem(sentence);
  item.tooltip = sentence;
  item.iconPath = new ThemeIcon("error", new ThemeColor("list.errorForeground"));
  return item;
}

function remedyItem({ title, command, arguments: given }: ErrorAction): TreeItem {
  const item = new TreeItem(title);
  item.iconPath = new ThemeIcon("lightbulb");
  item.command = { command, title, arguments: [...given] };
  return item;
}
