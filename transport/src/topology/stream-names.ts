/** Links to every published event of all components, in the order of the log: what filters and views read. */
export const PUBLISHED = "$ce-out";

/** The outbox of a component: one append per handled message. No dash, so no category and no extra link. */
export const intermediateStream = (component: string): string => `intermediate.${component}`;

/** Where the router of a component or category links its published events. */
export const publishedStream = (owner: string): string => `out-${owner}`;

/** Events published without a transaction. */
export const directPublishedStream = (sender: string): string => `out-${sender}.direct`;

/** Messages sent straight to a component, one stream per sender. */
export const directStream = (destination: string, sender: string): string => `in.${destination}-${sender}`;

/** Where the router of a component or category links what goes to `destination`. */
export const routedStream = (destination: string, owner: string): string => `in.${destination}-${owner}.routed`;

/** Where the filter of a component links the events it subscribes to. */
export const subscriptionsStream = (component: string): string => `in.${component}-subscriptions`;

/** Where the `generation`th backfill of a component links history. */
export const backfillStream = (component: string, generation: number): string =>
  `in.${component}-backfill.${generation}`;

/** The input queue of a component: `$by_category` links every stream `in.<component>-*` here. */
export const queueStream = (component: string): string => `$ce-in.${component}`;

/** Messages for a component that are due within one minute, as those who send without a transaction and who retry write them. */
export const laterStream = (destination: string, minute: string): string => `later.${destination}-${minute}`;

/** Where the router of a component or category links the deferred messages that are due within one minute. */
export const routedLaterStream = (destination: string, minute: string, owner: string): string =>
  `${laterStream(destination, minute)}.${owner}.routed`;

/** Links to every deferred message for a component, in the order of the log: by this its instances hear of new ones. */
export const laterQueueStream = (component: string): string => `$ce-later.${component}`;

/** What the instances of a component note of how far they are with its deferred messages. No dash, so no category. */
export const scheduleStream = (component: string): string => `later.${component}`;

/** Links to deferred messages whose time has come. */
export const deferredStream = (component: string): string => `in.${component}-deferred`;

/** Links to, and copies of, messages that are handled again after a failure. */
export const retriesStream = (component: string): string => `in.${component}-retries`;

/** One instance of an aggregate. The category ends at the first dash, so `id` may hold further ones. */
export const instanceStream = (category: string, id: string): string => `${category}-${id}`;

/**
 * The snapshots of an instance. Without a dash it is of no category: nobody links it, and no router sees it. So the dashes of the
 * instance's stream are written in another way.
 */
export const snapshotStream = (instance: string): string =>
  `snapshot.${instance.replaceAll("%", "%25").replaceAll("-", "%2D")}`;
