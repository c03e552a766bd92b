import type { Change, DeployStep } from "./change.ts";
import type { DeployHost } from "./host.ts";
import { backwards } from "./journal.ts";

/** One deployment of a component. */
export interface HistoryEntry {
  readonly deployment: string;
  readonly change: Change;
  /** Who began it, and who took it over from whom. */
  readonly by: readonly string[];
  /** By the server's clock. */
  readonly begun: Date;
  /** `open`: it is being worked on, or was cut off and waits for somebody to complete it. */
  readonly outcome: "completed" | "failed" | "open";
  readonly ended?: Date;
  /** What it did, when it is completed. */
  readonly steps: readonly DeployStep[];
  /** Why it was given up. */
  readonly reason?: string;
}

const LIMIT = 100;

/** The deployments of a component, the last one first. */
export async function history(
  host: Pick<DeployHost, "read">,
  component: string,
  limit: number = LIMIT,
): Promise<readonly HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  let ending: Pick<HistoryEntry, "outcome" | "ended" | "steps" | "reason"> = { outcome: "open", steps: [] };
  let takenOver: string[] = [];
  for await (const { entry, at } of backwards(host, component)) {
    if (entries.length >= limit) break;
    if (entry?.kind === "completed") ending = { outcome: "completed", ended: at, steps: entry.steps };
    else if (entry?.kind === "failed") ending = { outcome: "failed", ended: at, steps: [], reason: entry.reason };
    else if (entry?.kind === "taken over") takenOver.unshift(entry.by);
    else if (entry?.kind === "begun") {
      const { deployment, change, by } = entry;
      entries.push({ deployment, change, by: [by, ...takenOver], begun: at, ...ending });
      ending = { outcome: "open", steps: [] };
      takenOver = [];
    }
  }
  return entries;
}
