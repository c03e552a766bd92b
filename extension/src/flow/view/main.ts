import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-progress-bar/index.js";
import "../../webview/view/panel.css";
import "./flow.css";
import { panelLink } from "../../webview/view/panel-link.ts";
import { parseFlowState } from "../model/flow-state.ts";
import { parseToView } from "../protocol.ts";
import { FlowView } from "./flow-view.ts";

new FlowView(document.body, panelLink(parseToView, parseFlowState)).start();
