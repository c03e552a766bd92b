import { status } from "@grpc/grpc-js";
import {
  ConsumerDroppedError,
  GroupExistsError,
  GroupFailedError,
  GroupNotFoundError,
  TooManyConsumersError,
} from "../persistent/errors.ts";
import { CallFailure } from "./errors.ts";

/** What the client is told of each error of a group: the status and the value of the trailer `exception` (spec 1.5). */
const TOLD = [
  [GroupExistsError, status.ALREADY_EXISTS, "persistent-subscription-exists"],
  [GroupNotFoundError, status.NOT_FOUND, "persistent-subscription-does-not-exist"],
  [GroupFailedError, status.INTERNAL, "persistent-subscription-failed"],
  [TooManyConsumersError, status.FAILED_PRECONDITION, "maximum-subscribers-reached"],
  [ConsumerDroppedError, status.CANCELLED, "persistent-subscription-dropped"],
] as const;

/** The error as the client is to see it; any other as it is. */
export function groupFailure(error: unknown): unknown {
  for (const [type, code, exception] of TOLD) {
    if (!(error instanceof type)) continue;
    return new CallFailure(
      code,
      error.message,
      {
        exception,
        "stream-name": error.stream,
        "group-name": error.group,
        ...(error instanceof GroupFailedError && { reason: error.reason }),
      },
      error,
    );
  }
  return error;
}
