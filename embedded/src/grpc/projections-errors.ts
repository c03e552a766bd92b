import { status } from "@grpc/grpc-js";
import {
  ProjectionExistsError,
  ProjectionNeverRanError,
  ProjectionNotFoundError,
  ProjectionOperationError,
  ProjectionsNotRunningError,
  TrackingWithoutEmittingError,
} from "../projections/management/errors.ts";
import type { Compat } from "./compat.ts";
import { CallFailure, handlerException, unknown } from "./errors.ts";

/** What the server names in its error instead of the answer that was expected (spec 3.11). */
const RECEIVED = [
  [ProjectionNotFoundError, "NotFound"],
  [ProjectionExistsError, "Conflict"],
  [ProjectionOperationError, "OperationFailed"],
] as const;

/** The error as the client is to see it; any other as it is. `expected` is the name of the answer that did not come. */
export function projectionFailure(error: unknown, expected: string, compat: Compat): unknown {
  if (compat === 25 && error instanceof ProjectionNotFoundError) {
    return new CallFailure(status.NOT_FOUND, `Projection '${error.projection}' not found`);
  }
  for (const [type, received] of RECEIVED) {
    if (error instanceof type) return unknown(`Envelope callback expected ${expected}, received ${received} instead`);
  }
  if (error instanceof ProjectionNeverRanError || error instanceof TrackingWithoutEmittingError) {
    return handlerException(error);
  }
  if (error instanceof ProjectionsNotRunningError) return new CallFailure(status.FAILED_PRECONDITION, error.message);
  return error;
}
