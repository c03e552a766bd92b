import {
  type Event,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from "vscode";
import type { ComponentRow } from "./component-row.ts";

/** What of a row is drawn. */
interface DrawnRow extends Omit<ComponentRow, "connectionId" | "component" | "children"> {
  readonly children?: unknown;
}

/** Rows of a model as VS Code draws them. @param children the rows under one, or the first ones */
export function rowsTree<Row extends DrawnRow>(
  children: (row?: Row) => Promise<readonly Row[]>,
  changed: Event<undefined>,
): TreeDataProvider<Row> {
  return {
    onDidChangeTreeData: changed,
    getChildren: async (row) => [...(await children(row))],
    // Only first rows are revealed.
    getParent: () => undefined,
    getTreeItem: itemOf,
  };
}

function itemOf(row: DrawnRow): TreeItem {
  const item = new TreeItem(
    row.label,
    row.children === undefined ? TreeItemCollapsibleState.None : TreeItemCollapsibleState.Collapsed,
  );
  item.id = row.id;
  if (row.description !== undefined) item.description = row.description;
  if (row.spoken !== undefined) item.accessibilityInformation = { label: row.spoken };
  if (row.tooltip !== undefined) item.tooltip = new MarkdownString().appendText(row.tooltip.join("\n"));
  item.iconPath = new ThemeIcon(row.icon, row.color === undefined ? undefined : new ThemeColor(row.color));
  item.contextValue = row.contextValue;
  if (row.action !== undefined) {
    const { title, command, arguments: given } = row.action;
    item.command = { title, command, arguments: [...given] };
  }
  return item;
}
