import * as l10n from "@vscode/l10n";
import { window } from "vscode";

/** What VS Code gives to a view's command: the row it was called on, and all that is selected where that is one of several. */
export type RowArguments<Row> = [row?: Row, selected?: readonly Row[]];

/**
 * The rows that a command is for: those it was called on, or, where it was called by a key or from the palette, the selected ones.
 *
 * Called on a row that was drawn anew while its menu was open, it gets an argument that says nothing. Then it is for no row: those
 * selected may be others than the one that was meant.
 */
export function commandRows<Row>(given: RowArguments<Row>, selection: readonly Row[]): readonly Row[] {
  if (given.length === 0) return selection;
  const [row, selected] = given;
  if (row === undefined) {
    void window.showInformationMessage(l10n.t("The row changed while its menu was open. Open the menu again."));
    return [];
  }
  return selected?.includes(row) === true ? selected : [row];
}
