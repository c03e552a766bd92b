import type { ServerFeatures } from "../event-store/event-store.ts";
import type { Capability } from "./connection.ts";

/** By the names of the services that the server lists. */
const SERVICES: readonly (readonly [string, Capability])[] = [
  ["persistent_subscriptions.", "persistent-subscriptions"],
  ["projections.", "projections"],
  ["users.", "users"],
  ["operations.", "operations"],
  ["monitoring.", "monitoring"],
];

/** What a server offers, beside streams. */
export function capabilitiesOf({ methods }: ServerFeatures): readonly Capability[] {
  const names = [...methods.keys()];
  return SERVICES.filter(([service]) => names.some((name) => name.includes(`.${service}`))).map(([, one]) => one);
}
