import fc from "fast-check";
import type { FlowEvent } from "../../../src/flow/schemas.ts";

/** An event at this place of the log, with a cause by its id. */
export function made(place: number, more: Partial<FlowEvent> = {}): FlowEvent {
  const { stream = "intermediate.sales", revision = String(place), id = `m${place}` } = more;
  return {
    key: `${revision}@${stream}`,
    messageId: id,
    id,
    type: "Happened",
    stream,
    revision,
    commit: String(place * 100),
    prepare: String(place * 100),
    created: 1_000_000 + place,
    party: "sales",
    isComponent: true,
    ...more,
  };
}

function rarely<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** Any events at all: ids that several share, causes that are missing, their own, or later ones, copies of anything. */
export const anyEvents: fc.Arbitrary<readonly FlowEvent[]> = fc
  .array(
    fc.record({
      id: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 500 })),
      cause: fc.option(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 510 })), { nil: undefined }),
      copyOf: rarely(fc.integer({ min: 0, max: 30 })),
      editOf: rarely(fc.integer({ min: 0, max: 30 })),
      created: fc.integer({ min: 0, max: 1_000 }),
      type: fc.constantFrom("A", "B"),
      party: fc.constantFrom("sales", "billing", "order"),
      destination: fc.option(fc.constantFrom("sales", "billing"), { nil: undefined }),
    }),
    { maxLength: 120, size: "max" },
  )
  .chain((drafts) =>
    fc.shuffledSubarray(
      drafts.map(({ id, cause, copyOf, editOf, destination, ...draft }, place) =>
        made(place, {
          ...draft,
          id: `m${id}`,
          messageId: copyOf === undefined ? `m${id}` : `m${copyOf}`,
          ...(cause !== undefined && { causationId: `m${cause}` }),
          ...(editOf !== undefined && { editOf: `m${editOf}` }),
          ...(destination !== undefined && { destination }),
        }),
      ),
      { minLength: drafts.length },
    ),
  );
