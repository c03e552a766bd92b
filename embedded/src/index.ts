import { randomUUID } from "node:crypto";
import { dotnetRegex } from "./grpc/dotnet-regex.ts";
import { gossipHandlers } from "./grpc/gossip-service.ts";
import { persistentHandlers } from "./grpc/persistent-service.ts";
import { projectionsHandlers } from "./grpc/projections-service.ts";
import { startGrpcServer } from "./grpc/server.ts";
import { serverFeaturesHandlers } from "./grpc/server-features-service.ts";
import { streamsHandlers } from "./grpc/streams-service.ts";
import { gossipService } from "./grpc/wire/gossip.ts";
import { persistentSubscriptionsService } from "./grpc/wire/persistent.ts";
import { projectionsService } from "./grpc/wire/projections.ts";
import { serverFeaturesService } from "./grpc/wire/server-features.ts";
import { addService } from "./grpc/wire/service.ts";
import { streamsService } from "./grpc/wire/streams.ts";
import { startPersistentSubscriptions } from "./persistent/subsystem.ts";
import { startProjections } from "./projections/management/projections.ts";
import { scriptCompiler } from "./projections/script/compile.ts";
import { EventStore } from "./streams/event-store.ts";

/** Where events are kept: in a directory that survives, or in memory that ends with the server. */
export type Storage =
  | { readonly data: string; readonly memory?: never }
  | { readonly memory: true; readonly data?: never };

export type EmbeddedOptions = Storage & {
  /** Default 2113; 0 takes any free port. */
  readonly port?: number;
  /** The address to listen on. Default `127.0.0.1`, which lets nobody else in. */
  readonly host?: string;
  /** Told what happens inside that no caller is answered with. Default: nobody is. */
  readonly onNote?: (note: ServerNote) => void;
};

/** Something that happened in the server. */
export type ServerNote =
  /** A projection has stopped over an error in its script or its streams; `reason` is what its status says, too. */
  | { readonly event: "projection-faulted"; readonly projection: string; readonly reason: string }
  /** A projection's script called `log`. */
  | { readonly event: "script-log"; readonly text: string };

/** A server that runs in this process. */
export interface Embedded {
  readonly host: string;
  readonly port: number;
  /** For `EventStoreDBClient.connectionString`. */
  readonly connectionString: string;
  /** Ends all calls, writes what was accepted and closes the files. */
  stop(): Promise<void>;
}

const DEFAULT_PORT = 2113;
const DEFAULT_HOST = "127.0.0.1";

/**
 * Starts an EventStoreDB-compatible server in this process.
 * @throws PortInUseError, PortNotAllowedError, HostUnusableError, DataDirectoryInUseError,
 *   DataDirectoryNotWritableError, DataDirectoryUnreadableError
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { host = DEFAULT_HOST, port = DEFAULT_PORT } = options;
  let isStopping = false;
  // What ends because the server does is no news.
  const note = (one: ServerNote): void => {
    if (!isStopping) options.onNote?.(one);
  };
  const location = options.memory === true ? "memory" : { directory: options.data };
  const store = EventStore.open({ location, now: Date.now, newId: randomUUID });
  // Torn down in the order opposite to how they were set up.
  const running: (() => Promise<void>)[] = [() => store.close()];
  const stop = async (): Promise<void> => {
    isStopping = true;
    for (const end of running.splice(0).reverse()) await end();
  };
  try {
    const groups = startPersistentSubscriptions({ store, now: Date.now, compilePattern: dotnetRegex });
    running.push(() => groups.stop());
    const projections = await startProjections({
      store,
      compile: scriptCompiler((text) => note({ event: "script-log", text })),
      newId: randomUUID,
      now: Date.now,
      onFault: (projection, reason) => note({ event: "projection-faulted", projection, reason }),
    });
    running.push(() => projections.stop());
    const server = await startGrpcServer({
      host,
      port,
      register(grpc, openCalls) {
        addService(grpc, streamsService, streamsHandlers(store, openCalls));
        addService(grpc, persistentSubscriptionsService, persistentHandlers(groups, openCalls));
        addService(grpc, projectionsService, projectionsHandlers(projections, openCalls, randomUUID));
        addService(
          grpc,
          gossipService,
          gossipHandlers(() => ({ host, port: server.port })),
        );
        addService(grpc, serverFeaturesService, serverFeaturesHandlers);
      },
    });
    running.push(() => server.stop());
    let stopping: Promise<void> | undefined;
    return {
      host,
      port: server.port,
      connectionString: `esdb://${host.includes(":") ? `[${host}]` : host}:${server.port}?tls=false`,
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
