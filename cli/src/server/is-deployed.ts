import type { OpenedDeployments } from "@sluice/transport/deploy";
import { UsageError } from "../command-line/usage-error.ts";

/** Whether anybody has ever deployed a component of that name. */
export const isDeployed = async (deployments: OpenedDeployments, component: string): Promise<boolean> =>
  (await deployments.history(component, 1)).length > 0;

/** For where there is nothing to show of a component: its name may be mistyped. @throws UsageError where there is none */
export async function requireDeployed(deployments: OpenedDeployments, component: string): Promise<void> {
  if (await isDeployed(deployments, component)) return;
  const names = (await deployments.observe()).components.map(({ name }) => name);
  const there = names.length === 0 ? "Nobody has deployed any." : `There are: ${names.join(", ")}.`;
  throw new UsageError(`The server has no component "${component}". ${there}`);
}
