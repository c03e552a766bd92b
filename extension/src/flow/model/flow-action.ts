/** What a conversation's panel does when a command asks for it; the command is called `sluice.flow.` and this. */
export const FLOW_ACTIONS = [
  "tree",
  "sequence",
  "timeline",
  "table",
  "reload",
  "links",
  "save-svg",
  "copy-mermaid",
  "save-mermaid",
] as const;

export type FlowAction = (typeof FLOW_ACTIONS)[number];
