import type { GridAction } from "../model/grid-keys.ts";
import type { PanelView } from "./panel-view.ts";

/** Does to the panel what a key asked for. */
export function perform(view: PanelView, action: GridAction): void {
  switch (action.kind) {
    case "move":
      view.moveTo(view.selection.index + action.by, action.extends);
      break;
    case "first":
      view.moveTo(0, action.extends);
      break;
    case "last":
      view.moveTo(view.browsing.window.rows.length - 1, action.extends);
      break;
    case "begin":
      view.toEdge("start");
      break;
    case "end":
      view.toEdge("end");
      break;
    case "open":
      view.openDetails();
      break;
    case "close":
      view.closeDetails();
      break;
    case "filter":
      view.focusFilter();
      break;
    case "jump":
      view.jump();
      break;
    case "back":
    case "forward":
      view.step(action.kind);
      break;
  }
}
