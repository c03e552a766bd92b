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
import { unreachable } from "../event-store/unreachable.ts";
import type { ServerFailure } from "./server-failure.ts";

/** What gRPC puts before what it says, such as `14 UNAVAILABLE: `. */
const STATUS = /^\d+ [A-Z_]+: /;

/** What was asked of whom, as far as it stands in messages. */
export interface AskedServer {
  /** The hosts with their ports. */
  readonly at: string;
  readonly tls: boolean;
  readonly login: string | undefined;
}

/** What a call of the transport has failed by, in the terms of the seam. */
export function transportFailure(error: unknown, { at, tls, login }: AskedServer): ServerFailure {
  if (error instanceof ServerUnreachable) {
    return { ...unreachable(reasonOf(error.cause ?? error).replace(STATUS, ""), { at, tls }), cause: error };
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
