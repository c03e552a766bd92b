/** A gRPC server that takes the same messages, answers the same messages and does nothing: what the wire alone allows. */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { serverFeaturesHandlers } from "../../src/grpc/server-features-service.ts";
import { serverFeaturesService } from "../../src/grpc/wire/server-features.ts";
import { definition } from "../../src/grpc/wire/service.ts";
import { streamsService } from "../../src/grpc/wire/streams.ts";
import { persistentSubscriptionsService } from "../../src/grpc/wire/persistent.ts";
import { barePersistentSubscriptions } from "./bare-persistent-subscriptions.ts";
import { bareStreams } from "./bare-streams.ts";

const server = new Server({ "grpc.enable_channelz": 0, "grpc.max_receive_message_length": -1 });
server.addService(definition(serverFeaturesService), { ...serverFeaturesHandlers(23) });
server.addService(definition(streamsService), bareStreams);
server.addService(definition(persistentSubscriptionsService), barePersistentSubscriptions);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(JSON.stringify({ event: "listening", connectionString: `esdb://127.0.0.1:${port}?tls=false` }));
});
process.on("SIGTERM", () => process.exit());
