import { unaryCall } from "./calls.ts";
import type { Compat } from "./compat.ts";
import type { serverFeaturesService } from "./wire/server-features.ts";
import type { Handlers } from "./wire/service.ts";

/**
 * The version this server says it is: the one whose answers it gives. Clients go by the list of methods, not
 * by this (spec 1.4); their test suites go by it. Three numbers: from four the kurrentdb-client can make no
 * semantic version, and then creates no persistent subscription.
 */
export const VERSIONS = { 23: "23.10.6", 25: "25.1.0" } as const;

type Methods = Readonly<Record<string, readonly string[]>>;

/** What clients can call, each method with its features (spec 1.4). */
const SUPPORTED: Readonly<Record<string, Methods>> = {
  "event_store.client.streams.streams": {
    read: ["position", "events"],
    append: [],
    delete: [],
    tombstone: [],
    batchappend: ["deadline_duration"],
  },
  "event_store.client.persistent_subscriptions.persistentsubscriptions": {
    create: ["stream", "all"],
    update: ["stream", "all"],
    delete: ["stream", "all"],
    read: ["stream", "all"],
    getinfo: ["stream", "all"],
    replayparked: ["stream", "all"],
    list: ["stream", "all"],
    restartsubsystem: [],
  },
  "event_store.client.projections.projections": {
    create: ["track_emitted_streams"],
    update: [],
    delete: [],
    statistics: [],
    disable: [],
    enable: [],
    reset: [],
    state: [],
    result: [],
    restartsubsystem: [],
  },
  "event_store.client.users.users": {
    create: [],
    update: [],
    delete: [],
    disable: [],
    enable: [],
    details: [],
    changepassword: [],
    resetpassword: [],
  },
  "event_store.client.operations.operations": {
    startscavenge: [],
    stopscavenge: [],
    shutdown: [],
    mergeindexes: [],
    resignnode: [],
    setnodepriority: [],
    restartpersistentsubscriptions: [],
  },
  "event_store.client.monitoring.monitoring": { stats: [] },
  "event_store.client.gossip.gossip": { read: [] },
  "event_store.client.server_features.serverfeatures": { getsupportedmethods: [] },
};

const SINCE_25: Readonly<Record<string, Methods>> = {
  "kurrentdb.protocol.v2.streams.streamsservice": { appendsession: [], appendrecords: [] },
};

export function serverFeaturesHandlers(compat: Compat): Handlers<typeof serverFeaturesService> {
  const supported = compat === 25 ? { ...SUPPORTED, ...SINCE_25 } : SUPPORTED;
  const answer = {
    eventStoreServerVersion: VERSIONS[compat],
    methods: Object.entries(supported).flatMap(([serviceName, methods]) =>
      Object.entries(methods).map(([methodName, features]) => ({ serviceName, methodName, features })),
    ),
  };
  return { getSupportedMethods: unaryCall(() => answer) };
}
