import { byThisProcess } from "../deploy/by-this-process.ts";
import { deployShapes } from "../deploy/deploy-component.ts";
import { unsubscribe } from "../deploy/requests.ts";
import type { SubscribeFrom, SubscriptionManager } from "../seam/subscription-manager.ts";
import type { Store } from "../store/store.ts";
import { isExact, type Pattern, withDerived } from "../topology/pattern.ts";
import type { ComponentShape } from "../topology/shape.ts";

/**
 * The subscriptions of a component: its filter projection, deployed anew with each change. A type stands for itself and all that
 * extend it, since nobody says here which types are bases.
 */
export function subscriptionsOf(store: Store, shape: ComponentShape): SubscriptionManager {
  return {
    async subscribe(types: ReadonlyMap<string, SubscribeFrom>) {
      const events = Object.fromEntries([...types].map(([type, from]) => [patternOf(type), from]));
      await deployShapes(store, [{ ...shape, events }], { ...byThisProcess(), exactly: false });
    },
    async unsubscribe(type) {
      await unsubscribe(store, shape.name, patternOf(type), byThisProcess());
    },
  };
}

const patternOf = (type: string): Pattern => (isExact(type) ? withDerived(type) : type);
