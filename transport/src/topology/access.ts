import {
  attemptsStream,
  backfillStream,
  categoryStream,
  deferredStream,
  deploymentStream,
  directPublishedStream,
  directStream,
  handledStream,
  intermediateStream,
  laterQueueStream,
  parkedRecordStream,
  parkedStream,
  publishedStream,
  queueStream,
  retriesStream,
  scheduleStream,
  subscriptionsStream,
} from "./stream-names.ts";

/** Whose the streams of a component are. Names are logins or groups of the server's users. */
export interface Access {
  /** The login that the instances of the component run under. */
  readonly login: string;
  /**
   * A group that the logins of all components that send to each other are members of, this one's among them: they read what it sends.
   * Absent: every login does.
   */
  readonly members?: string;
  /** Who may look at all of its streams and change none. */
  readonly readers: readonly string[];
  /** Other components, whose streams for direct sends of this one, `in.<other>-<component>`, are its own, too. */
  readonly others: readonly string[];
  /** Streams that say nothing of rights themselves, those of other applications included, are the members' alone. */
  readonly closesServer: boolean;
}

/** A stream's `$acl`: who may read and write it, delete it, and read and write its metadata. */
export interface StreamAcl {
  readonly $r: readonly string[];
  readonly $w: readonly string[];
  readonly $d: readonly string[];
  readonly $mr: readonly string[];
  readonly $mw: readonly string[];
}

/** The rights that a stream is to have. */
export interface StreamRights {
  readonly stream: string;
  readonly acl: StreamAcl;
  /** Events that the server keeps of it, where its metadata says nothing of that yet. */
  readonly maxCount?: number;
  /** A projection writes it, and gives it other metadata with its first event (spec 3.5): rights hold from the second on. */
  readonly isProjected?: true;
}

/** Streams that no deployment can give rights of their own, and what that means. */
export interface UncoveredStreams {
  readonly streams: string;
  readonly why: string;
}

/** Of a component's projections what their streams follow from. */
export interface ProjectedStreams {
  /** By owner, the component itself or a category: the generation of its router. */
  readonly routers: Readonly<Record<string, { readonly generation: number }>>;
  readonly filter?: { readonly generation: number } | undefined;
  readonly backfills: readonly number[];
}

/** Events that the server keeps of what a component's instances note: ids handled, one at least in each; attempts; how far they are. */
export const KEPT_NOTES = { handled: 100_000, attempts: 2_000, schedule: 10 } as const;

const ADMINS = ["$admins"];
const EVERYBODY = ["$all"];

/**
 * The rights on all streams of a component whose names are known beforehand. What it sends is read by those who receive it, so by all
 * members: a server that follows a link only for those who may read the original, as the embedded one, shows a receiver nothing else.
 * All that is the component's own business only its login and the readers see. Pure.
 */
export function rightsOf(component: string, projected: ProjectedStreams, access: Access): readonly StreamRights[] {
  const { login, readers, others } = access;
  const own = [login];
  const looking = [login, ...readers];
  const sent = sentTo(access);
  const bookkeeping = { ...aclOf(looking, own), $mw: own };
  const categories = Object.keys(projected.routers).filter((owner) => owner !== component);
  const projectedBy = (stream: string, acl: StreamAcl): StreamRights => ({ stream, acl, isProjected: true });
  return [
    // Who is no member does not get beyond this stream: every start reads it first.
    { stream: deploymentStream(component), acl: aclOf(sent, ADMINS) },
    { stream: intermediateStream(component), acl: aclOf(sent, own) },
    { stream: directPublishedStream(component), acl: aclOf(sent, own) },
    ...[component, ...others]
      .toSorted()
      .map((other) => ({ stream: directStream(other, component), acl: aclOf(sent, own) })),
    { stream: handledStream(component), acl: bookkeeping, maxCount: KEPT_NOTES.handled },
    { stream: attemptsStream(component), acl: bookkeeping, maxCount: KEPT_NOTES.attempts },
    { stream: scheduleStream(component), acl: bookkeeping, maxCount: KEPT_NOTES.schedule },
    { stream: deferredStream(component), acl: aclOf(looking, own) },
    { stream: retriesStream(component), acl: aclOf(looking, own) },
    { stream: parkedRecordStream(component), acl: aclOf([...ADMINS, ...readers], ADMINS) },
    ...(readers.length === 0 ? [] : [{ stream: parkedStream(component), acl: aclOf([...ADMINS, ...readers], ADMINS) }]),
    projectedBy(queueStream(component), aclOf(looking, ADMINS)),
    projectedBy(laterQueueStream(component), aclOf(looking, ADMINS)),
    ...Object.entries(projected.routers).map(([owner, { generation }]) =>
      projectedBy(publishedStream(owner, generation), aclOf(sent, ADMINS)),
    ),
    ...(projected.filter === undefined
      ? []
      : [projectedBy(subscriptionsStream(component, projected.filter.generation), aclOf(looking, ADMINS))]),
    ...projected.backfills.map((number) => projectedBy(backfillStream(component, number), aclOf(looking, ADMINS))),
    ...categories.map((category) => projectedBy(categoryStream(category), aclOf(sent, ADMINS))),
  ];
}

/** The rights on an instance of an aggregate or process manager, which the component gives it before its first event. */
export const instanceAcl = (access: Access): StreamAcl => aclOf(sentTo(access), [access.login]);

/** The rights on the snapshots of an instance. */
export const snapshotAcl = ({ login, readers }: Access): StreamAcl => aclOf([login, ...readers], [login]);

/** What `$userStreamAcl` in the stream `$settings` is to say where the server is closed: it holds where a stream itself says nothing. */
export const defaultAclOf = ({ members, readers }: Access): StreamAcl | undefined =>
  members === undefined
    ? undefined
    : { $r: [members, ...readers], $w: [members], $d: ADMINS, $mr: [members, ...readers], $mw: [members] };

/** What rights cannot be given beforehand. Pure. */
export function uncoveredBy(
  component: string,
  categories: readonly string[],
  { closesServer, members }: Access,
): readonly UncoveredStreams[] {
  const who = closesServer && members !== undefined ? `members of ${members}` : "whoever may write streams";
  return [
    ...categories.map((category) => ({
      streams: `${category}-*`,
      why: "each gets its rights from the component, with its first event; one that is there already keeps what it has",
    })),
    {
      streams: `in.${component}-*`,
      why: `${who} can send to it: a sender's stream comes with the first message`,
    },
    {
      streams: `later.${component}-*`,
      why: `${who} can defer messages to it, and read those: there is a stream for each minute`,
    },
  ];
}

const sentTo = ({ members, readers }: Access): readonly string[] =>
  members === undefined ? EVERYBODY : [members, ...readers];

const aclOf = (reading: readonly string[], writing: readonly string[]): StreamAcl => ({
  $r: reading,
  $w: writing,
  $d: ADMINS,
  $mr: reading,
  $mw: ADMINS,
});
