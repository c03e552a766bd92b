/** What a panel does when a command asks for it; the command is called `sluice.stream.` and this. */
export const PANEL_ACTIONS = [
  "filter",
  "back",
  "forward",
  "first",
  "last",
  "live",
  "pause",
  "reload",
  "compare",
  "follow-link",
  "open-in-editor",
  "append-like",
  "show-flow",
  "copy-data",
  "copy-id",
  "copy-fixture",
] as const;

export type PanelAction = (typeof PANEL_ACTIONS)[number];
