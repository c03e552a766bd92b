import type { MessageIdentity } from "./definition.ts";
import { SchemaRefused } from "./schema-refused.ts";
import type { SchemaResult } from "./standard-schema.ts";

/**
 * Checks a body against the schema of its definition, where it has one.
 * @returns the body as the schema gives it; a promise only where the schema needs one.
 * @throws SchemaRefused
 */
export function checkBody(definition: MessageIdentity, body: object): object | Promise<object> {
  if (definition.schema === undefined) return body;
  const result = definition.schema["~standard"].validate(body);
  return result instanceof Promise
    ? result.then((settled) => accepted(definition.type, settled))
    : accepted(definition.type, result);
}

function accepted(type: string, result: SchemaResult<unknown>): object {
  if (result.issues !== undefined) throw new SchemaRefused(type, result.issues);
  if (typeof result.value !== "object" || result.value === null) {
    throw new SchemaRefused(type, [{ message: "the schema gives no object" }]);
  }
  return result.value;
}
