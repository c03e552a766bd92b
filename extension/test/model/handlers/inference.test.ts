import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DEFAULT_STYLE } from "../../../src/handlers/code-style.ts";
import type { BodyType } from "../../../src/handlers/inference/body-type.ts";
import { inferBody } from "../../../src/handlers/inference/infer-body.ts";
import { printExample } from "../../../src/handlers/inference/print-example.ts";
import { notesOf, printType } from "../../../src/handlers/inference/print-type.ts";
import { withTypeScript } from "./type-script.ts";

const STYLE = { ...DEFAULT_STYLE, width: 120 };
const infer = (...bodies: readonly unknown[]): BodyType => inferBody(bodies.map((body) => JSON.stringify(body))).type!;
const typeOf = (...bodies: readonly unknown[]): string => printType(infer(...bodies), STYLE);

/** Bodies as systems have them: the same few keys each time, sometimes left out, sometimes of another type. */
const body = fc.letrec<{ value: unknown; body: object }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("open", "closed", "on hold"),
    fc.string({ unit: "binary" }),
    fc.constantFrom("2027-01-31", "2027-01-31T12:00:00.000Z", "2027-02-30T25:61"),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^sku-\d{1,2}$/), fc.nat(), { maxKeys: 12 }),
    tie("body"),
  ),
  body: fc.dictionary(
    fc.constantFrom("orderId", "status", "a b", "né", "class", "1st", "$x", 'say "it\'s"', "__proto__"),
    tie("value"),
    { maxKeys: 6, noNullPrototype: true },
  ),
})).body;

test("inference – every sampled body conforms to the type inferred from all of them", () => {
  fc.assert(
    fc.property(fc.array(body, { minLength: 1, maxLength: 40 }), (bodies) => {
      const type = infer(...bodies);
      for (const one of bodies) assert.ok(conforms(type, JSON.parse(JSON.stringify(one))), JSON.stringify(type));
    }),
  );
});

test("inference – TypeScript takes the types for bodies of messages, and each sample and example for one of them", async () => {
  const seen = fc.sample(fc.array(body, { minLength: 1, maxLength: 8 }), { numRuns: 150, seed: 11 });
  const text = seen.map((bodies, index) => {
    const type = infer(...bodies);
    const narrow = { ...STYLE, width: 20 + (index % 100), quote: index % 2 === 0 ? ('"' as const) : ("'" as const) };
    return [
      `type T${index} = ${printType(type, narrow)};`,
      `export const m${index} = event("sales.T${index}")<T${index}>();`,
      ...bodies.map((one) => `m${index}(${JSON.stringify(one).replaceAll('"__proto__":', '["__proto__"]:')});`),
      `m${index}(${printExample(type, narrow)});`,
    ].join("\n");
  });
  const { errors } = await withTypeScript({
    "bodies.ts": `import { event } from "@sluice/transport";\n${text.join("\n")}`,
  });
  assert.equal(errors, "");
});

test("inference – members that not all bodies have are optional, and what differs is a union", () => {
  assert.equal(
    typeOf({ orderId: "17", note: "soon" }, { orderId: 17 }, { orderId: null, tags: ["a", 1] }),
    "{ orderId: string | number | null; note?: string; tags?: (string | number)[] }",
  );
});

test("inference – a few texts that come again and again are literals; names, constants and single ones are not", () => {
  const orders = Array.from({ length: 30 }, (_, n) => ({
    orderId: `o-${n % 3}`,
    status: n % 3 === 0 ? "open" : "closed",
    currency: "EUR",
    buyer: `buyer ${n}`,
  }));
  assert.equal(typeOf(...orders), '{ orderId: string; status: "closed" | "open"; currency: string; buyer: string }');
  assert.equal(typeOf(...orders.slice(0, 5)), "{ orderId: string; status: string; currency: string; buyer: string }");
});

test("inference – dates and large numbers are told beside their members", () => {
  const type = inferBody([
    '{"at":"2027-01-31T12:00:00Z","day":"2027-01-31","big":9007199254740993,"lines":[{"price":1.5,"day":"2027-02-01"}]}',
    '{"at":"2028-02-29T23:59:59+01:00","day":"2028-02-29","big":1,"lines":[]}',
  ]).type!;
  assert.equal(
    printType(type, STYLE),
    [
      "{",
      "  /** A date and time in ISO 8601. */",
      "  at: string;",
      "  /** A date in ISO 8601. */",
      "  day: string;",
      "  /** Seen beyond 2^53, where a number loses digits: let it be sent as a string. */",
      "  big: number;",
      "  lines: {",
      "    price: number;",
      "    /** A date in ISO 8601. */",
      "    day: string;",
      "  }[];",
      "}",
    ].join("\n"),
  );
  assert.deepEqual(
    notesOf(type).map(({ path }) => path),
    ["at", "day", "big", "lines[].day"],
  );
});

test("inference – keys that are data are told from names, and names that are no identifiers are quoted", () => {
  const stock = Array.from({ length: 20 }, (_, n) => ({ stock: { [`sku-${n}`]: n, [`sku-${n + 1}`]: n } }));
  assert.equal(typeOf(...stock), "{ stock: Record<string, number> }");
  assert.equal(
    typeOf({ "a-b": 1, class: 2, "1st": 3, 'x"y': 4 }),
    String.raw`{ "a-b": number; class: number; "1st": number; "x\"y": number }`,
  );
});

test("inference – what is nothing, too deep or no JSON is not guessed", () => {
  assert.equal(typeOf({ a: [], b: {} }), "{ a: unknown[]; b: Record<string, never> }");
  let deep: unknown = 1;
  for (let level = 0; level < 100; level++) deep = { a: deep };
  assert.match(typeOf(deep), /a: unknown/);
  const { type, samples, passedOver } = inferBody([
    "{",
    "1",
    '"a"',
    "9007199254740993",
    "null",
    "",
    "[".repeat(100_000),
  ]);
  assert.deepEqual({ type, samples, passedOver }, { type: undefined, samples: 0, passedOver: 7 });
});

test("inference – the same samples give the same text, and examples hold nothing that was sampled", () => {
  fc.assert(
    fc.property(fc.array(body, { minLength: 1, maxLength: 10 }), (bodies) => {
      assert.equal(typeOf(...bodies), typeOf(...structuredClone(bodies)));
    }),
  );
  const example = printExample(infer({ email: "ann@example.com", age: 41, tags: ["secret"] }), STYLE);
  assert.equal(example, '{ email: "email", age: 1, tags: ["tags"] }');
});

function conforms(type: BodyType, value: unknown): boolean {
  switch (type.kind) {
    case "unknown":
      return true;
    case "null":
      return value === null;
    case "literals":
      return typeof value === "string" && type.values.includes(value);
    case "array":
      return Array.isArray(value) && value.every((one) => conforms(type.element, one));
    case "record":
      return isPlain(value) && Object.values(value).every((one) => conforms(type.value, one));
    case "object":
      return (
        isPlain(value) &&
        Object.keys(value).every((key) => type.members.some(({ name }) => name === key)) &&
        type.members.every(({ name, type, isOptional }) =>
          Object.hasOwn(value, name) ? conforms(type, (value as Record<string, unknown>)[name]) : isOptional,
        )
      );
    case "union":
      return type.of.some((one) => conforms(one, value));
    default:
      return typeof value === type.kind;
  }
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
