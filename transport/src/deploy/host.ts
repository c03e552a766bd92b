import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../store/environment.ts";
import type { Groups } from "../store/groups.ts";
import type { Projections } from "../store/projections.ts";
import type { Store } from "../store/store.ts";

/** What deploying needs of a server. */
export interface DeployHost extends Pick<Store, "address" | "append" | "read" | "logEnd"> {
  readonly projections: Pick<
    Projections,
    "find" | "list" | "statusOf" | "lastText" | "create" | "update" | "enable" | "disable" | "remove"
  >;
  readonly groups: Pick<Groups, "find" | "create" | "update" | "remove">;
}

/** Time, chance and ids for a deployment. */
export interface DeployEnvironment extends Environment {
  newId(): string;
  /** Resolves after so many milliseconds; rejects with the signal's reason. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const DEPLOY_ENVIRONMENT: DeployEnvironment = {
  now: () => performance.now(),
  random: Math.random,
  newId: randomUUID,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal === undefined ? {} : { signal }),
};
