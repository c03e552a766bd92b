import type { ActionOptions, ActionProgress, ParkedMessages, ParkedSelection } from "@sluice/transport/deploy";
import type { Call } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import type { Options, Values } from "../command-line/options.ts";
import { UsageError } from "../command-line/usage-error.ts";
import { callerOf } from "../server/caller-of.ts";
import { findParked } from "../server/find-parked.ts";
import { withDeployments } from "../server/with-deployments.ts";

/** Which of the parked messages of a component. */
export const SELECTION_OPTIONS = {
  group: { type: "string", value: "GROUP", about: "those of this failure group" },
  all: { type: "boolean", about: "all that are parked at this moment" },
} as const satisfies Options;

type SelectionCall = Call<typeof SELECTION_OPTIONS>;

/** Does something to the messages that were named, with progress; stopped, what is done stays done. */
export async function acting(
  call: SelectionCall,
  act: (parked: ParkedMessages, selection: ParkedSelection, options: ActionOptions) => Promise<ActionProgress>,
  done: (count: number) => string,
): Promise<number> {
  const { words, values, terminal, signal } = call;
  const [component = "", ...ids] = words;
  requireOneWay(ids, values);
  const { total, gone } = await withDeployments(call, async (deployments) => {
    const parked = deployments.parked(component);
    const selection = await selectionOf(parked, component, ids, values);
    return act(parked, selection, {
      by: await callerOf(call),
      signal,
      onProgress: (progress) => terminal.progress(`${progress.done} of ${progress.total}`),
    });
  });
  const left = gone === 0 ? "" : ` ${gone} are gone from the server and can only be archived.`;
  terminal.print({ total, done: total - gone, gone }, `${done(total - gone)}${left}`);
  return EXIT.ok;
}

function requireOneWay(ids: readonly string[], { group, all }: Values<typeof SELECTION_OPTIONS>): void {
  const ways = [ids.length > 0, group !== undefined, all].filter(Boolean).length;
  if (ways !== 1) throw new UsageError("Which messages? Name IDs, or say --group GROUP or --all.");
}

async function selectionOf(
  parked: ParkedMessages,
  component: string,
  begins: readonly string[],
  { group, all }: Values<typeof SELECTION_OPTIONS>,
): Promise<ParkedSelection> {
  if (all) return "all";
  if (group !== undefined) return { failureGroup: group };
  const ids: string[] = [];
  for (const begin of begins) ids.push((await findParked(parked, component, begin)).id);
  return { ids };
}
