import * as l10n from "@vscode/l10n";
import { errorOf } from "../event-store/error-of.ts";
import { AccessDeniedError } from "../event-store/errors.ts";
import {
  NotDeployedError,
  NotParkedError,
  NotRetirableError,
  ProjectionRefusedError,
  ProjectionsNotRunningError,
} from "./server-errors.ts";
import type { ServerFailure } from "./server-failure.ts";

/** The error for a failure: its class, and a sentence with the remedy in the user's language. */
export function serverErrorOf(failure: ServerFailure): Error {
  switch (failure.kind) {
    case "administrators-only":
      return new AccessDeniedError(
        l10n.t(
          "The server does not let {0} do that. Deploying and dealing with failed messages take a login that is a member of $admins.",
          failure.login ?? l10n.t("a caller without a login"),
        ),
        { cause: failure.cause },
      );
    case "projection-refused":
      return new ProjectionRefusedError(refused(failure));
    case "projections-not-running":
      return new ProjectionsNotRunningError(
        l10n.t(
          "No message travels on this server: its projection $by_category does not run ({0}). Start it: the server's option is RunProjections=All, or System and StartStandardProjections.",
          failure.reason,
        ),
      );
    case "not-deployed":
      return new NotDeployedError(l10n.t("{0} is not deployed on this server. Deploy it first.", failure.component));
    case "not-retirable":
      return new NotRetirableError(
        failure.consumers > 0
          ? l10n.t(
              "{0} still has {1} connections that receive. Stop its instances, then retire it.",
              failure.component,
              failure.consumers,
            )
          : l10n.t("{1} messages wait in the queue of {0}.", failure.component, failure.waiting),
        failure,
      );
    case "not-parked":
      return new NotParkedError(
        l10n.t(
          "The message is no longer among the failed messages of {0}: somebody has dealt with it, or it is gone. Refresh the view.",
          failure.component,
        ),
      );
    default:
      return errorOf(failure);
  }
}

function refused({ projection, why, reason }: Extract<ServerFailure, { kind: "projection-refused" }>): string {
  switch (why) {
    case "foreign":
      return l10n.t(
        "The projection {0} is of something else and is left alone. Rename the component, or remove the projection.",
        projection,
      );
    case "edited":
      return l10n.t(
        "The projection {0} was edited by hand and is left alone. Put the edit into the declaration, then repair the component.",
        projection,
      );
    case "faulted":
      return l10n.t("The projection {0} has faulted: {1}. Repair the component.", projection, reason);
    case "aborted":
      return l10n.t(
        "The projection {0} was aborted and is left alone. Enable it so that it catches up, then deploy again.",
        projection,
      );
    case "behind":
      return l10n.t(
        "The projection {0} has not linked all that there is ({1}). Wait until it has, then try again.",
        projection,
        reason,
      );
    default:
      return l10n.t(
        "The projection {0} did not come to be as it should within the time ({1}). Try again: what was begun is gone on with.",
        projection,
        reason,
      );
  }
}
