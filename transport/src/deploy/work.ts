import type { Deployed } from "./deployed.ts";
import type { DeployStep } from "./change.ts";
import type { DeployHost } from "./host.ts";
import type { ProjectionDeployer } from "./projection-deployer.ts";

/** One deployment of one component at work. */
export interface Work {
  readonly host: DeployHost;
  readonly projections: ProjectionDeployer;
  readonly component: string;
  /** As the last deployment left it. */
  readonly deployed: Deployed;
  /** It was begun before, and cut off: what stands still may have been stopped for it. */
  readonly isResumed: boolean;
  readonly done: (step: DeployStep) => void;
  /** Waits a moment before something is looked at again, and says that the work goes on. */
  readonly pause: () => Promise<void>;
  readonly newId: () => string;
}

/** Place behind the last event of the log. */
export const logEnd = async (host: Pick<DeployHost, "logEnd">): Promise<number> => Number(await host.logEnd()) + 1;
