import type { OpenedDeployments } from "@sluice/transport/deploy";
import type { Call } from "../command-line/command.ts";
import type { Options } from "../command-line/options.ts";
import { UsageError } from "../command-line/usage-error.ts";
import { lookingAt } from "./with-deployments.ts";

/** Whether anybody has ever deployed a component of that name. */
const isDeployed = async (deployments: OpenedDeployments, component: string): Promise<boolean> =>
  (await deployments.history(component, 1)).length > 0;

/** The same for who goes on either way, and may not be allowed to look: then it seems so. */
export const seemsDeployed = (
  call: Pick<Call<Options>, "values" | "environment" | "signal">,
  component: string,
): Promise<boolean> => lookingAt(call, (deployments) => isDeployed(deployments, component)).catch(() => true);

/** For where there is nothing to show of a component: its name may be mistyped. @throws UsageError where there is none */
export async function requireDeployed(deployments: OpenedDeployments, component: string): Promise<void> {
  if (await isDeployed(deployments, component)) return;
  const names = (await deployments.observe()).components.map(({ name }) => name);
  const there = names.length === 0 ? "Nobody has deployed any." : `There are: ${names.join(", ")}.`;
  throw new UsageError(`The server has no component "${component}". ${there}`);
}
