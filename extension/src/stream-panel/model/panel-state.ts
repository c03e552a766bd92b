import * as v from "valibot";
import { placeSchema as place, sourceSchema as source } from "../schemas.ts";

/** One stop of the way through streams: what was shown, and where. */
const stop = v.object({
  source,
  filter: v.string(),
  /** The row at the upper edge, and how many pixels of it are scrolled away; null where the newest entries are shown. */
  top: v.nullable(v.object({ place, offset: v.number() })),
  active: v.nullable(place),
});

const panelState = v.object({
  connectionId: v.string(),
  at: stop,
  back: v.array(stop),
  forward: v.array(stop),
  isDetailsOpen: v.boolean(),
  /** How much of the panel the details take, 0 to 1. */
  detailsShare: v.number(),
  columns: v.record(v.string(), v.number()),
  isLive: v.boolean(),
});

export type Stop = v.InferOutput<typeof stop>;
/** What a panel is restored from after a reload. */
export type PanelState = v.InferOutput<typeof panelState>;

/** Undefined for what an older version kept, or nothing did. */
export function parsePanelState(state: unknown): PanelState | undefined {
  const parsed = v.safeParse(panelState, state);
  return parsed.success ? parsed.output : undefined;
}
