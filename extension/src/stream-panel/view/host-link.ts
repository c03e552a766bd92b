import { type PanelState, parsePanelState } from "../model/panel-state.ts";
import { parseToView, type ToHost, type ToView } from "../protocol.ts";

/** The webview's way to its host, and what it keeps over a reload. */
export interface HostLink {
  readonly post: (message: ToHost) => void;
  readonly onMessage: (take: (message: ToView) => void) => void;
  readonly kept: PanelState | undefined;
  readonly keep: (state: PanelState) => void;
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

export function hostLink(): HostLink {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    onMessage: (take) =>
      window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        const message = parseToView(data);
        if (message !== undefined) {
          take(message);
        }
      }),
    kept: parsePanelState(api.getState()),
    keep: (state) => api.setState(state),
  };
}
