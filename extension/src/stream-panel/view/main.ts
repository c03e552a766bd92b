import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-icon/index.js";
import "@vscode-elements/elements/dist/vscode-progress-bar/index.js";
import "@vscode-elements/elements/dist/vscode-toolbar-button/index.js";
import "../../webview/view/panel.css";
import "./stream-panel.css";
import { PanelView } from "./panel-view.ts";
import { hostLink } from "./host-link.ts";

const view = new PanelView(document.body, hostLink());
view.start();
