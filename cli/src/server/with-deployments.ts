import type { OpenedDeployments } from "@sluice/transport/deploy";
import type { Call } from "../command-line/command.ts";
import type { Options } from "../command-line/options.ts";
import { unlessStopped } from "../terminal/stop-signal.ts";
import { connectionOf } from "./connection-of.ts";

/** Does something with the deployments of the server that a command is for, and disconnects. */
export async function withDeployments<Answer>(
  { values, environment }: Pick<Call<Options>, "values" | "environment">,
  use: (deployments: OpenedDeployments) => Promise<Answer>,
): Promise<Answer> {
  const connectionString = connectionOf(values["connection"] as string | undefined, environment);
  const { openDeployments } = await import("@sluice/transport/deploy");
  const deployments = openDeployments({ connectionString });
  try {
    return await use(deployments);
  } finally {
    await deployments.close();
  }
}

/** The same for what only looks: it ends at once when it is stopped. */
export const lookingAt = <Answer>(
  call: Pick<Call<Options>, "values" | "environment" | "signal">,
  use: (deployments: OpenedDeployments) => Promise<Answer>,
): Promise<Answer> => withDeployments(call, (deployments) => unlessStopped(use(deployments), call.signal));
