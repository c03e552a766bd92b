import { panelLink, type PanelLink } from "../../webview/view/panel-link.ts";
import { type PanelState, parsePanelState } from "../model/panel-state.ts";
import { parseToView, type ToHost, type ToView } from "../protocol.ts";

/** The webview's way to its host, and what it keeps over a reload. */
export type HostLink = PanelLink<ToView, ToHost, PanelState>;

export const hostLink = (): HostLink => panelLink(parseToView, parsePanelState);
