import { hostname } from "node:os";
import type { DeployStep } from "./change.ts";
import type { DeploymentOptions } from "./deployment.ts";
import { DEPLOY_ENVIRONMENT } from "./host.ts";

/** How one hears of a deployment, and ends it. */
export interface DeployListener {
  /** Told of each step when it is done. */
  readonly on?: ((step: DeployStep) => void) | undefined;
  /** Ends it between two steps: what it has stopped runs again, and what it has made stays. */
  readonly signal?: AbortSignal | undefined;
}

/** A deployment by this process, as the journal's readers see it. */
export const byThisProcess = ({ on, signal }: DeployListener = {}): DeploymentOptions => ({
  environment: DEPLOY_ENVIRONMENT,
  by: `${hostname()} ${process.pid}`,
  signal,
  done: (step) => on?.(step),
});
