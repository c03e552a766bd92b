import type { StreamTruncation } from "@sluice/transport/deploy";
import type { Call } from "../command-line/command.ts";
import { EXIT } from "../command-line/exit-code.ts";
import type { Options } from "../command-line/options.ts";
import { truncationsText } from "../render/truncation-text.ts";
import { lookingAt, withDeployments } from "../server/with-deployments.ts";
import { unlessRefused } from "./change-question.ts";

const DAY = 86_400_000;

/** Says what of the streams of a server may go, asks, and lets it go. Answers the exit code. @param keep events that stay in any case. */
export async function truncateStreams(
  call: Pick<Call<Options>, "environment" | "terminal" | "signal"> & {
    readonly values: Call<Options>["values"] & { readonly yes: boolean };
  },
  keep: number | undefined,
): Promise<number> {
  const { terminal, signal } = call;
  terminal.progress("looking at streams …");
  const margin = keep === undefined ? undefined : { events: keep, age: DAY };
  const found = await lookingAt(call, (deployments) => deployments.truncations(margin));
  const truncated: string[] = [];
  terminal.say(truncationsText(found, terminal.paint));
  if (found.some(({ first, before }) => before > first)) {
    const refused = await unlessRefused(call, "Are these events to go? They do not come back.");
    if (refused !== undefined) return refused;
    const on = ({ stream, before }: StreamTruncation): void => {
      truncated.push(stream);
      terminal.say(terminal.paint("red", `- truncated  ${stream} before ${before}`));
    };
    await withDeployments(call, (deployments) => deployments.truncate(found, { signal, on }));
  }
  terminal.print({ streams: found, truncated }, truncated.length === 0 ? "There was nothing to do." : "Done.");
  return EXIT.ok;
}
