import { gossipService } from "../../src/grpc/wire/gossip.ts";
import { monitoringService } from "../../src/grpc/wire/monitoring.ts";
import { operationsService } from "../../src/grpc/wire/operations.ts";
import { persistentSubscriptionsService } from "../../src/grpc/wire/persistent.ts";
import { projectionsService } from "../../src/grpc/wire/projections.ts";
import { serverFeaturesService } from "../../src/grpc/wire/server-features.ts";
import { streamsService } from "../../src/grpc/wire/streams.ts";
import { usersService } from "../../src/grpc/wire/users.ts";
import { v2StreamsService } from "../../src/grpc/wire/v2-streams.ts";
import { allSamples } from "../grpc/wire/samples.ts";

/** A method and good requests of it, as bytes. */
export interface Target {
  readonly path: string;
  readonly samples: readonly Buffer[];
}

const services = [
  streamsService,
  v2StreamsService,
  persistentSubscriptionsService,
  projectionsService,
  gossipService,
  serverFeaturesService,
  usersService,
  monitoringService,
  operationsService,
];

/** Who may call it may end the server with it. */
const DEADLY = `/${operationsService.name}/${operationsService.methods.shutdown.name}`;

interface Codec {
  encode(value: unknown): Buffer;
}

const named = { loginName: "ann", password: "x", fullName: "Ann", groups: ["g"] };
/** Requests of services for which there are no samples elsewhere. */
const users: Readonly<Record<string, object>> = {
  create: named,
  update: named,
  details: { loginName: "" },
  changePassword: { loginName: "ann", currentPassword: "x", newPassword: "y" },
  resetPassword: { loginName: "ann", newPassword: "y" },
};

const all: readonly Target[] = services.flatMap((service) =>
  Object.entries(service.methods).map(([name, method]) => {
    const codec = method.request as unknown as Codec;
    const samples = allSamples.filter(({ own }) => own === (codec as unknown)).map(({ value }) => codec.encode(value));
    if (service === usersService) samples.push(codec.encode({ options: users[name] ?? { loginName: "ann" } }));
    return { path: `/${service.name}/${method.name}`, samples: samples.length > 0 ? samples : [Buffer.alloc(0)] };
  }),
);

export const targets: readonly Target[] = all.filter(({ path }) => path !== DEADLY);
