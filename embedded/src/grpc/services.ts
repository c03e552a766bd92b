import type { Server } from "@grpc/grpc-js";
import type { PersistentSubscriptions } from "../persistent/subsystem.ts";
import type { Projections } from "../projections/management/projections.ts";
import type { HostAndPort } from "../security/hosts.ts";
import type { Users } from "../security/users.ts";
import type { EventStore } from "../streams/event-store.ts";
import type { Scavenges } from "../streams/scavenges.ts";
import type { Access } from "./access.ts";
import { AppendLoad } from "./append-load.ts";
import type { Compat } from "./compat.ts";
import { gossipHandlers } from "./gossip-service.ts";
import { monitoringHandlers } from "./monitoring-service.ts";
import type { OpenCalls } from "./open-calls.ts";
import { operationsHandlers } from "./operations-service.ts";
import { persistentHandlers } from "./persistent-service.ts";
import { projectionsHandlers } from "./projections-service.ts";
import { serverFeaturesHandlers } from "./server-features-service.ts";
import { streamsHandlers } from "./streams-service.ts";
import { PLAIN_NOTES, timedNotes } from "./subscription-notes.ts";
import { noUsersHandlers, usersHandlers } from "./users-service.ts";
import { v2StreamsHandlers } from "./v2-streams-service.ts";
import { gossipService } from "./wire/gossip.ts";
import { monitoringService } from "./wire/monitoring.ts";
import { operationsService } from "./wire/operations.ts";
import { persistentSubscriptionsService } from "./wire/persistent.ts";
import { projectionsService } from "./wire/projections.ts";
import { serverFeaturesService } from "./wire/server-features.ts";
import { addService, definition } from "./wire/service.ts";
import { streamsService } from "./wire/streams.ts";
import { usersService } from "./wire/users.ts";
import { v2StreamsService } from "./wire/v2-streams.ts";

/** What the services serve. */
export interface Served {
  readonly compat: Compat;
  readonly store: EventStore;
  readonly groups: PersistentSubscriptions;
  readonly projections: Projections;
  readonly scavenges: Scavenges;
  /** Bytes of data that one append may carry; undefined for the usual limit. */
  readonly maxAppendSize: number | undefined;
  /** Undefined on a server without security. */
  readonly users: Users | undefined;
  readonly access: Access;
  readonly newId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where clients reach the server, for those that do not say where they have reached it. */
  readonly advertised: () => HostAndPort;
  readonly figures: () => Readonly<Record<string, number | string>>;
  /** Begins to stop the server. */
  readonly shutDown: () => void;
}

/** Adds all services to a gRPC server. */
export function addServices(grpc: Server, openCalls: OpenCalls, served: Served): void {
  const { compat, store, groups, access, newId } = served;
  const load = new AppendLoad(undefined, served.maxAppendSize);
  const notes = compat === 25 ? timedNotes(served.now) : PLAIN_NOTES;
  addService(grpc, streamsService, streamsHandlers(store, openCalls, access, load, notes));
  if (compat === 25) addService(grpc, v2StreamsService, v2StreamsHandlers({ store, openCalls, access, load, newId }));
  addService(grpc, persistentSubscriptionsService, persistentHandlers(groups, openCalls, access));
  addService(grpc, projectionsService, projectionsHandlers(served.projections, openCalls, newId, access, compat));
  addService(grpc, gossipService, gossipHandlers(served.advertised));
  addService(grpc, serverFeaturesService, serverFeaturesHandlers(compat));
  addService(
    grpc,
    usersService,
    served.users ? usersHandlers(served.users, openCalls, access) : noUsersHandlers(openCalls),
  );
  addService(
    grpc,
    operationsService,
    operationsHandlers({
      scavenges: served.scavenges,
      access,
      shutDown: served.shutDown,
      restartPersistentSubscriptions: () => groups.restart(),
    }),
  );
  addService(grpc, monitoringService, monitoringHandlers(served.figures, openCalls, access));
}

const SERVICES = [
  streamsService,
  v2StreamsService,
  persistentSubscriptionsService,
  projectionsService,
  gossipService,
  serverFeaturesService,
  usersService,
  operationsService,
  monitoringService,
];

const PATHS: ReadonlySet<string> = new Set(
  SERVICES.flatMap((service) => Object.values(definition(service)).map(({ path }) => path)),
);

/** Whether a path is that of a method of one of the services. */
export const isServed = (path: string): boolean => PATHS.has(path);
