import type { ProjectionHandler } from "../handler.ts";
import { categoryExtractor } from "./category.ts";
import { nativeHandler, placeOf } from "./native-handler.ts";

/** `$stream_by_category`: the name of each stream of a category, at its first event (spec 3.12). */
export function streamByCategoryHandler(query: string): ProjectionHandler {
  const categoryOf = categoryExtractor(query);
  return nativeHandler({
    typeName: "EventStore.Projections.Core.Standard.CategorizeStreamByPath",
    includeLinks: true,
    emit(event) {
      const { revision, stream } = placeOf(event);
      if (revision !== 0) return undefined;
      const category = categoryOf(stream);
      if (category === undefined) return undefined;
      return { stream: `$category-${category}`, type: "$@", isJson: false, data: stream };
    },
  });
}
