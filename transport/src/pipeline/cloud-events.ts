import { jsonSerializer } from "../messages/json-serializer.ts";
import type { SerializedBody, SerializedMessage, Serializer } from "../messages/serializer.ts";

/** How CloudEvents are written. */
export interface CloudEventsOptions {
  /** Their `source`, a URI reference, such as `https://shop.example/orders`. Default: `/` and the name of the component or sender. */
  readonly source?: string;
}

const VERSION = "1.0";

/**
 * A serializer that writes each body as a CloudEvent (CloudEvents 1.0, JSON format) and reads CloudEvents and plain JSON alike. The id,
 * type and time of the envelope are those of the message; bytes travel as `data_base64`.
 */
export function cloudEvents({ source }: CloudEventsOptions = {}): Serializer {
  return Object.freeze({
    serialize(body: object, message: SerializedMessage): SerializedBody {
      const { data, isJson } = jsonSerializer.serialize(body, message);
      const { id, type, sentAt } = message;
      const envelope = {
        specversion: VERSION,
        id,
        source: source ?? `/${message.source ?? ""}`,
        type,
        ...(sentAt === undefined ? {} : { time: sentAt.toISOString() }),
        ...(isJson
          ? { datacontenttype: "application/json", data: jsonSerializer.deserialize({ data, isJson }, message) }
          : { datacontenttype: "application/octet-stream", data_base64: Buffer.from(data).toString("base64") }),
      };
      return { data: Buffer.from(JSON.stringify(envelope)), isJson: true };
    },

    deserialize(serialized: SerializedBody, message: SerializedMessage): object {
      const body = jsonSerializer.deserialize(serialized, message);
      if (!isCloudEvent(body)) return body;
      if (typeof body.data_base64 === "string") return Uint8Array.from(Buffer.from(body.data_base64, "base64"));
      if (typeof body.data === "object" && body.data !== null) return body.data;
      throw new SyntaxError(`its CloudEvent carries no JSON object or array, but ${JSON.stringify(body.data)}`);
    },
  });
}

interface CloudEvent {
  readonly specversion: string;
  readonly data?: unknown;
  readonly data_base64?: unknown;
}

/** All that CloudEvents 1.0 demands of an event; a body of the users' own is none of these by chance. */
function isCloudEvent(body: object): body is CloudEvent {
  return (
    "specversion" in body &&
    body.specversion === VERSION &&
    ["id", "source", "type"].every((name) => typeof Reflect.get(body, name) === "string")
  );
}
