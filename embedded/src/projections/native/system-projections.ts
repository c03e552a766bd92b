import type { ProjectionHandler } from "../handler.ts";
import { byCategoryHandler } from "./by-category.ts";
import { byCorrelationIdHandler } from "./by-correlation-id.ts";
import { byEventTypeHandler } from "./by-event-type.ts";
import { streamByCategoryHandler } from "./stream-by-category.ts";
import { streamsHandler } from "./streams.ts";

/** A projection that every server has. */
export interface SystemProjection {
  readonly name: string;
  /** As it is stored: `native:` and the name of the server's class. */
  readonly handlerType: string;
  /** The query it is registered with; an operator may change it. */
  readonly query: string;
  compile(query: string): ProjectionHandler;
}

const KIND = "native:EventStore.Projections.Core.Standard.";

/** The five of them in the order in which a new server registers them; their ids are 1 to 5 (spec 3.4). */
export const systemProjections: readonly SystemProjection[] = [
  { name: "$streams", handlerType: `${KIND}IndexStreams`, query: "", compile: streamsHandler },
  {
    name: "$stream_by_category",
    handlerType: `${KIND}CategorizeStreamByPath`,
    query: "first\r\n-",
    compile: streamByCategoryHandler,
  },
  {
    name: "$by_category",
    handlerType: `${KIND}CategorizeEventsByStreamPath`,
    query: "first\r\n-",
    compile: byCategoryHandler,
  },
  { name: "$by_event_type", handlerType: `${KIND}IndexEventsByEventType`, query: "", compile: byEventTypeHandler },
  {
    name: "$by_correlation_id",
    handlerType: `${KIND}ByCorrelationId`,
    query: '{"correlationIdProperty":"$correlationId"}',
    compile: byCorrelationIdHandler,
  },
];
