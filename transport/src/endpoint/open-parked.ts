import { type ParkedMessages, parkedMessagesOf } from "../recoverability/parked.ts";
import { SYSTEM_CLOCK } from "../schedule/clock.ts";
import { Store } from "../store/store.ts";
import { requireComponentName } from "../topology/component-name.ts";
import type { SenderOptions } from "./sender.ts";

/** The parked messages of a component, by a connection of their own. */
export interface OpenedParkedMessages extends ParkedMessages {
  /** Disconnects. */
  close(): Promise<void>;
}

/**
 * Opens the parked messages of a component, for a tool or a script. Nothing is connected before the first call. It takes a login that
 * may read the server's own streams: a member of `$admins`.
 *
 * ```ts
 * const parked = openParked("billing", { connectionString });
 * for (const { failureGroup, count } of await parked.groups()) console.log(count, failureGroup);
 * await parked.retry("all", { by: "ann", onProgress: ({ done, total }) => console.log(`${done} of ${total}`) });
 * await parked.close();
 * ```
 * @throws InvalidName, BadConnectionString
 */
export function openParked(
  component: string,
  { connectionString, clock = SYSTEM_CLOCK }: SenderOptions,
): OpenedParkedMessages {
  requireComponentName(component);
  const store = new Store(connectionString);
  return {
    ...parkedMessagesOf(store, component, () => new Date(clock.now())),
    close: () => store.dispose(),
  };
}
