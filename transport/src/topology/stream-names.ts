/** Links to every published event of all components, in the order of the log: what filters and views read. */
export const PUBLISHED = "$ce-out";

/** Generation 1 has the bare name; a later one took its place after a repair, and writes streams of its own. */
const ofGeneration = (name: string, generation: number): string => (generation === 1 ? name : `${name}.${generation}`);

/** The outbox of a component: one append per handled message. No dash, so no category and no extra link. */
export const intermediateStream = (component: string): string => `intermediate.${component}`;

/** Where the router of a component or category links its published events. */
export const publishedStream = (owner: string, generation = 1): string => ofGeneration(`out-${owner}`, generation);

/** Events published without a transaction. */
export const directPublishedStream = (sender: string): string => `out-${sender}.direct`;

/** Messages sent straight to a component, one stream per sender. */
export const directStream = (destination: string, sender: string): string => `in.${destination}-${sender}`;

/** Where the router of a component or category links what goes to `destination`. */
export const routedStream = (destination: string, owner: string, generation = 1): string =>
  ofGeneration(`in.${destination}-${owner}.routed`, generation);

/** Where the filter of a component links the events it subscribes to. */
export const subscriptionsStream = (component: string, generation = 1): string =>
  ofGeneration(`in.${component}-subscriptions`, generation);

/** Where the `generation`th backfill of a component links history. */
export const backfillStream = (component: string, generation: number): string =>
  `in.${component}-backfill.${generation}`;

/** The input queue of a component: `$by_category` links every stream `in.<component>-*` here. */
export const queueStream = (component: string): string => `$ce-in.${component}`;

/** Messages for a component that are due within one minute, as those who send without a transaction and who retry write them. */
export const laterStream = (destination: string, minute: string): string => `later.${destination}-${minute}`;

/** Where the router of a component or category links the deferred messages that are due within one minute. */
export const routedLaterStream = (destination: string, minute: string, owner: string, generation = 1): string =>
  ofGeneration(`${laterStream(destination, minute)}.${owner}.routed`, generation);

/** Links to every deferred message for a component, in the order of the log: by this its instances hear of new ones. */
export const laterQueueStream = (component: string): string => `$ce-later.${component}`;

/** What the instances of a component note of how far they are with its deferred messages. No dash, so no category. */
export const scheduleStream = (component: string): string => `later.${component}`;

/** Links to deferred messages whose time has come. */
export const deferredStream = (component: string): string => `in.${component}-deferred`;

/** Where the server puts aside what a component cannot handle. */
export const parkedStream = (component: string): string =>
  `$persistentsubscription-${queueStream(component)}::${component}-parked`;

/** What was done with the parked messages of a component, by whom. No dash, so no category. */
export const parkedRecordStream = (component: string): string => `parked.${component}`;

/** Links to, and copies of, messages that are handled again after a failure. */
export const retriesStream = (component: string): string => `in.${component}-retries`;
/** What was deployed for a component, and what is being deployed: the journal of its deployments, and their lock. */
export const deploymentStream = (component: string): string => `deployment.${component}`;

/** What the instances of a component have handled, for each other. No dash, so no category and no extra link. */
export const handledStream = (component: string): string => `handled.${component}`;

/** Attempts that may end the process of an instance. No dash, as above. */
export const attemptsStream = (component: string): string => `attempts.${component}`;

/** One instance of an aggregate. The category ends at the first dash, so `id` may hold further ones. */
export const instanceStream = (category: string, id: string): string => `${category}-${id}`;

/**
 * The snapshots of an instance. Without a dash it is of no category: nobody links it, and no router sees it. So the dashes of the
 * instance's stream are written in another way.
 */
export const snapshotStream = (instance: string): string =>
  `snapshot.${instance.replaceAll("%", "%25").replaceAll("-", "%2D")}`;

/** Links to all events of a category, in the order of the log: what its router reads. */
export const categoryStream = (category: string): string => `$ce-${category}`;

export const routerName = (owner: string, generation = 1): string => ofGeneration(`sluice.router.${owner}`, generation);
export const filterName = (component: string, generation = 1): string =>
  ofGeneration(`sluice.filter.${component}`, generation);
export const backfillName = (component: string, generation: number): string =>
  `sluice.backfill.${component}.${generation}`;
