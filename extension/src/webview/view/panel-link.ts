/** A webview's way to its host, and what it keeps over a reload. */
export interface PanelLink<ToView, ToHost, State> {
  readonly post: (message: ToHost) => void;
  readonly onMessage: (take: (message: ToView) => void) => void;
  readonly kept: State | undefined;
  readonly keep: (state: State) => void;
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** To be called once. What is no message, or was kept by an older version, is dropped: both parsers answer undefined for it. */
export function panelLink<ToView, ToHost, State>(
  parseMessage: (message: unknown) => ToView | undefined,
  parseState: (state: unknown) => State | undefined,
): PanelLink<ToView, ToHost, State> {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    onMessage: (take) =>
      window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        const message = parseMessage(data);
        if (message !== undefined) take(message);
      }),
    kept: parseState(api.getState()),
    keep: (state) => api.setState(state),
  };
}
