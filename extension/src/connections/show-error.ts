import type { Connection } from "./connection.ts";
import { offer } from "../notifications/offer.ts";
import { presentError } from "./error-presentation.ts";

/** Shows what has gone wrong in a notification, with buttons that lead to the remedy. */
export async function showError(error: unknown, connection?: Connection): Promise<void> {
  const { sentence, actions, isSilent } = presentError(error, connection);
  if (!isSilent) await offer(sentence, actions);
}
