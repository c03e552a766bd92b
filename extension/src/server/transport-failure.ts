import {
  AccessRefused,
  BadConnectionString,
  NotDeployed,
  NotParked,
  NotRetirable,
  ProjectionRefused,
  ProjectionsNotRunning,
  ServerUnreachable,
} from "@sluice/transport/deploy";
import type { ServerFailure } from "./server-failure.ts";

/** What was asked of whom, as far as it stands in messages. */
export interface AskedServer {
  /** The hosts with their ports. */
  readonly at: string;
  readonly login: string | undefined;
}

/** What a call of the transport has failed by, in the terms of the seam. */
export function transportFailure(error: unknown, { at, login }: AskedServer): ServerFailure {
  if (error instanceof ServerUnreachable) {
    return { kind: "unreachable", at, reason: reasonOf(error.cause ?? error), cause: error };
  }
  if (error instanceof AccessRefused) {
    return { kind: "administrators-only", login, cause: error };
  }
  if (error instanceof BadConnectionString)
    return { kind: "connection-string", reason: error.message, cause: undefined };
  if (error instanceof ProjectionRefused) {
    const { projection, why, reason } = error;
    return { kind: "projection-refused", projection, why, reason, cause: error };
  }
  if (error instanceof ProjectionsNotRunning) {
    return { kind: "projections-not-running", reason: error.status, cause: error };
  }
  if (error instanceof NotDeployed) return { kind: "not-deployed", component: error.component, cause: error };
  if (error instanceof NotRetirable) {
    const { component, consumers, waiting } = error;
    return { kind: "not-retirable", component, consumers, waiting, cause: error };
  }
  if (error instanceof NotParked) return { kind: "not-parked", component: error.component, cause: error };
  return { kind: "answered", reason: reasonOf(error), cause: error };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
