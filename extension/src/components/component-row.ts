import type { ErrorAction } from "../notifications/error-action.ts";

/** A row of the Components view, as data. Commands take it as their argument, and go by its ids alone. */
export interface ComponentRow {
  /** What tells it from all others, and stays as long as what it stands for. */
  readonly id: string;
  readonly connectionId: string;
  /** The component that it is, or is part of. */
  readonly component?: string;
  readonly label: string;
  readonly description?: string;
  /** What a screen reader says, where that is not the label and the description. */
  readonly spoken?: string;
  /** Lines of plain text. */
  readonly tooltip?: readonly string[];
  /** Of a product icon. */
  readonly icon: string;
  /** Of a theme color, where the icon says how bad it is. */
  readonly color?: string;
  /** Words between semicolons, for `when` clauses. */
  readonly contextValue: string;
  /** What a click does. */
  readonly action?: ErrorAction;
  /** The rows below; `history` for those that are read when they are looked at. Undefined for none. */
  readonly children?: readonly ComponentRow[] | "history";
}

/** Makes a row of a component. @param key what tells it from the component's other rows */
export type MakeRow = (key: string, said: Omit<ComponentRow, "id" | "connectionId" | "component">) => ComponentRow;
