import type { Headers } from "../../seam/index.ts";
import type { BusAttributeMap, BusAttributes } from "./bus-types.ts";

const CORRELATION_ID = "$correlationId";
/** As JSON, so that what the bus lets through in memory arrives as over its other transports. */
const ATTRIBUTES = "node-ts.attributes";
const STICKY = "node-ts.stickyAttributes";

/** The headers that carry the attributes of a message. */
export function headersOf({ correlationId, attributes, stickyAttributes }: Partial<BusAttributes> = {}): Headers {
  return {
    ...(correlationId === undefined || correlationId === "" ? {} : { [CORRELATION_ID]: correlationId }),
    ...jsonHeader(ATTRIBUTES, attributes),
    ...jsonHeader(STICKY, stickyAttributes),
  };
}

const jsonHeader = (name: string, map: BusAttributeMap = {}): Headers =>
  Object.keys(map).length === 0 ? {} : { [name]: JSON.stringify(map) };

/**
 * The attributes of a received message. Of one that no bus has sent, such as the event of a Sluice component, they are the headers
 * that its sender gave it.
 */
export function attributesOf(headers: Headers): BusAttributes {
  const correlationId = headers[CORRELATION_ID];
  const isOfBus = ATTRIBUTES in headers || STICKY in headers;
  return {
    ...(typeof correlationId === "string" ? { correlationId } : {}),
    attributes: isOfBus ? mapOf(headers[ATTRIBUTES]) : Object.fromEntries(Object.entries(headers).filter(isUsers)),
    stickyAttributes: mapOf(headers[STICKY]),
  };
}

const isUsers = ([name]: readonly [string, unknown]): boolean => !name.startsWith("$") && !name.startsWith("sluice.");

/** Somebody else may have written into the header, or edited it: what is no JSON object says nothing. */
function mapOf(json: unknown): BusAttributeMap {
  // An error that is thrown for each message that has none costs more than all else in reading it.
  if (typeof json !== "string") return {};
  try {
    const map: unknown = JSON.parse(json);
    return typeof map === "object" && map !== null && !Array.isArray(map) ? (map as BusAttributeMap) : {};
  } catch {
    return {};
  }
}
