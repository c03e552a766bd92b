import type { ProjectionHandler } from "../handler.ts";
import { linkEmission, nativeHandler, placeOf } from "./native-handler.ts";

/** `$streams`: a link to the first event of each stream, metastreams of user streams among them (spec 3.12). */
export function streamsHandler(): ProjectionHandler {
  return nativeHandler({
    typeName: "EventStore.Projections.Core.Standard.IndexStreams",
    includeLinks: true,
    emit(event) {
      const { revision, stream } = placeOf(event);
      return revision === 0 ? linkEmission("$streams", `0@${stream}`) : undefined;
    },
  });
}
