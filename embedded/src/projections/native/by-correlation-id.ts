import { ProjectionFault, type ProjectionHandler } from "../handler.ts";
import { memberText } from "../member-text.ts";
import { linkEmission, nativeHandler, revisionText } from "./native-handler.ts";
import { recordText } from "../record-text.ts";

/**
 * `$by_correlation_id`: each event whose metadata carry a correlation id, as a link in `$bc-<id>`. Links are never linked.
 *
 * Numbers and the empty text count as ids; null, metadata that are no object, and metadata that are no JSON do not. An object
 * or a list as the id is a fault for good (corrections 3.12).
 */
export function byCorrelationIdHandler(query: string): ProjectionHandler {
  const property = correlationIdProperty(query);
  return nativeHandler({
    typeName: "EventStore.Projections.Core.Standard.ByCorrelationId",
    includeLinks: false,
    emit({ event, link }) {
      if (event === undefined || link !== undefined || event.type === "$>") return undefined;
      const id = correlationId(recordText(event.metadata), property);
      if (id === undefined) return undefined;
      return linkEmission(`$bc-${id}`, `${revisionText(event.revision)}@${event.stream}`, [
        ["$eventTimestamp", `"${new Date(event.created).toISOString().slice(0, -1)}000Z"`],
      ]);
    },
  });
}

function correlationId(metadata: string, property: string): string | undefined {
  if (!metadata.includes("{")) return undefined;
  const parsed = parseObject(metadata);
  const id = parsed !== undefined && Object.hasOwn(parsed, property) ? parsed[property] : null;
  if (id === null) return undefined;
  if (typeof id === "object") {
    const kind = Array.isArray(id) ? "JArray" : "JObject";
    throw new ProjectionFault(`Cannot cast Newtonsoft.Json.Linq.${kind} to Newtonsoft.Json.Linq.JToken.`);
  }
  return memberText(metadata, property, id);
}

function correlationIdProperty(query: string): string {
  if (query.trim() === "") return "$correlationId";
  const property = parseObject(query)?.["correlationIdProperty"];
  if (typeof property === "string") return property;
  throw new ProjectionFault(
    "Could not parse projection source. Please make sure the source is a valid JSON string with a property: 'correlationIdProperty' having a string value",
  );
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
