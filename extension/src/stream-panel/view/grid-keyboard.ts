import type { GridAction } from "../model/grid-keys.ts";
import type { PanelAction } from "../model/panel-action.ts";
import type { Place } from "../../events/place.ts";
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
  }
}

/** Does to the panel what a command asks for. @param place the row that it is for; the active one without it */
export function act(view: PanelView, what: PanelAction, place: Place | undefined): void {
  const { selection, live } = view;
  if (place !== undefined) selection.turnTo(place);
  switch (what) {
    case "filter":
      return view.filterField.focus();
    case "back":
    case "forward":
      return view.step(what);
    case "first":
      return view.toEdge("start");
    case "last":
      return view.toEdge("end");
    case "live":
      return live.toggle();
    case "pause":
      return live.togglePause();
    case "reload":
      return view.reload();
    case "compare":
      return selection.act("compare");
    case "follow-link":
      return view.followLink();
    case "open-in-editor":
      return selection.act("edit");
    case "append-like":
      return selection.act("append-like");
    case "show-flow":
      return selection.act("show-flow");
    case "copy-data":
      return selection.act("data");
    case "copy-id":
      return selection.act("id");
    case "copy-fixture":
      return selection.act("fixture");
  }
}
