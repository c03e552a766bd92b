import { map, oneof, repeated } from "./field.ts";
import { message, messageOf, type Message } from "./message.ts";
import { bool, double, enumeration, string } from "./scalars.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

// Each of the three types holds the others, so what is declared first reaches the rest through functions.
const anyValue: Message<Json> = messageOf<Json>(
  (reader) => jsonOf(Value.readBody(reader).kind),
  (writer, json) => Value.writeBody(writer, { kind: kindOf(json) }),
);

/** `google.protobuf.Struct`, as a JSON object. */
const struct = message({ fields: map(1, { ...anyValue, absent: null }) });
const list = message({ values: repeated(1, anyValue) });

const Value = message({
  kind: oneof({
    nullValue: [1, enumeration("NULL_VALUE")],
    numberValue: [2, double],
    stringValue: [3, string],
    boolValue: [4, bool],
    structValue: [5, struct],
    listValue: [6, list],
  }),
});

type KindOut = ReturnType<typeof Value.readBody>["kind"];
type KindIn = NonNullable<Parameters<typeof Value.writeBody>[1]["kind"]>;

/** JSON from what was read; a value of no kind at all is null. */
function jsonOf(kind: KindOut): Json {
  if (kind === undefined) return null;
  switch (kind.case) {
    case "nullValue":
      return null;
    case "structValue":
      return Object.fromEntries(kind.value.fields);
    case "listValue":
      return kind.value.values;
    default:
      return kind.value;
  }
}

function kindOf(json: Json): KindIn {
  if (json === null) return { case: "nullValue", value: "NULL_VALUE" };
  if (typeof json === "number") return { case: "numberValue", value: json };
  if (typeof json === "string") return { case: "stringValue", value: json };
  if (typeof json === "boolean") return { case: "boolValue", value: json };
  if (isList(json)) return { case: "listValue", value: { values: json } };
  return { case: "structValue", value: { fields: Object.entries(json) } };
}

const isList = (json: readonly Json[] | { readonly [key: string]: Json }): json is readonly Json[] =>
  Array.isArray(json);

/** `google.protobuf.Value`, read and written as plain JSON. */
export const value = anyValue;
