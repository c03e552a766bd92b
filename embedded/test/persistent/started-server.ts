import { randomUUID } from "node:crypto";
import { dotnetRegex } from "../../src/grpc/dotnet-regex.ts";
import { gossipHandlers } from "../../src/grpc/gossip-service.ts";
import { persistentHandlers } from "../../src/grpc/persistent-service.ts";
import { startGrpcServer } from "../../src/grpc/server.ts";
import { serverFeaturesHandlers } from "../../src/grpc/server-features-service.ts";
import { streamsHandlers } from "../../src/grpc/streams-service.ts";
import { gossipService } from "../../src/grpc/wire/gossip.ts";
import { persistentSubscriptionsService } from "../../src/grpc/wire/persistent.ts";
import { serverFeaturesService } from "../../src/grpc/wire/server-features.ts";
import { addService } from "../../src/grpc/wire/service.ts";
import { streamsService } from "../../src/grpc/wire/streams.ts";
import { startPersistentSubscriptions } from "../../src/persistent/subsystem.ts";
import { EventStore } from "../../src/streams/event-store.ts";

export interface StartedServer {
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** A server with streams and persistent subscriptions. `directory`: undefined keeps everything in memory. */
export async function startServer(directory?: string, port = 0): Promise<StartedServer> {
  const location = directory === undefined ? "memory" : { directory };
  const store = EventStore.open({ location, now: Date.now, newId: randomUUID });
  const groups = startPersistentSubscriptions({ store, now: Date.now, compilePattern: dotnetRegex });
  const server = await startGrpcServer({
    host: "127.0.0.1",
    port,
    register(grpc, openCalls) {
      addService(grpc, streamsService, streamsHandlers(store, openCalls));
      addService(grpc, persistentSubscriptionsService, persistentHandlers(groups, openCalls));
      addService(
        grpc,
        gossipService,
        gossipHandlers(() => ({ host: "127.0.0.1", port: server.port })),
      );
      addService(grpc, serverFeaturesService, serverFeaturesHandlers);
    },
  });
  return {
    connectionString: `esdb://127.0.0.1:${server.port}?tls=false`,
    async stop() {
      await server.stop();
      await groups.stop();
      await store.close();
    },
  };
}
