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

/** Any events at all: ids that several share, causes that are missing, their own, or later ones, copies of anything. */
export const anyEvents: fc.Arbitrary<readonly FlowEvent[]> = fc
  .array(
    fc.record({
      id: fc.integer({ min: 0, max: 30 }),
      cause: fc.option(fc.integer({ min: 0, max: 35 }), { nil: undefined }),
      copyOf: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
      editOf: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined, freq: 8 }),
      created: fc.integer({ min: 0, max: 1_000 }),
      type: fc.constantFrom("A", "B", "C"),
      party: fc.constantFrom("sales", "billing", "shipping", "order"),
      destination: fc.option(fc.constantFrom("sales", "billing"), { nil: undefined }),
    }),
    { maxLength: 120 },
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
