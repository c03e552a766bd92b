import * as v from "valibot";
import { fromSchema } from "../schemas.ts";

export const TABS = ["tree", "sequence", "timeline", "table"] as const;
export type Tab = (typeof TABS)[number];

const flowState = v.object({
  connectionId: v.string(),
  correlationId: v.string(),
  /** The event that it was asked for from, with its place in the log. */
  from: v.exactOptional(fromSchema),
  tab: v.picklist(TABS),
  active: v.nullable(v.string()),
  open: v.array(v.string()),
  areLinksShown: v.boolean(),
  /** The stream whose timeline is shown. */
  instance: v.nullable(v.string()),
  /** How much of the panel the drawing takes, 0 to 1. */
  share: v.number(),
});

/** What a panel is restored from after a reload. */
export type FlowState = v.InferOutput<typeof flowState>;

/** Undefined for what an older version kept, or nothing did. */
export function parseFlowState(state: unknown): FlowState | undefined {
  const parsed = v.safeParse(flowState, state);
  return parsed.success ? parsed.output : undefined;
}
