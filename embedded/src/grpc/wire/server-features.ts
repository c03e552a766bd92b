import { field, repeated } from "./field.ts";
import { empty, message } from "./message.ts";
import { string } from "./scalars.ts";
import { service, unary } from "./service.ts";

export const supportedMethods = message({
  /** Names in lower case (spec 1.4). */
  methods: repeated(
    1,
    message({ methodName: field(1, string), serviceName: field(2, string), features: repeated(3, string) }),
  ),
  eventStoreServerVersion: field(2, string),
});

export const serverFeaturesService = service("event_store.client.server_features.ServerFeatures", {
  getSupportedMethods: unary("GetSupportedMethods", empty, supportedMethods),
});
