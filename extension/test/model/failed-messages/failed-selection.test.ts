import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { selectedMessages, type SelectedRow } from "../../../src/failed-messages/failed-selection.ts";

const component = (name: string, count = 9): SelectedRow => ({ connectionId: "a", component: name, count });
const group = (name: string, failureGroup: string, count = 3): SelectedRow => ({
  ...component(name, count),
  failureGroup,
});
const message = (name: string, failureGroup: string, parkedId: string): SelectedRow => ({
  ...group(name, failureGroup, 1),
  parkedId,
});

suite("selected failed messages", () => {
  test("single ones of one component are one action, a group is one, a component all of it", () => {
    assert.deepEqual(
      selectedMessages([
        message("sales", "g", "1"),
        message("sales", "h", "2"),
        group("billing", "g"),
        component("shipping"),
      ]),
      [
        { connectionId: "a", component: "sales", selection: { ids: ["1", "2"] }, count: 2 },
        { connectionId: "a", component: "billing", selection: { failureGroup: "g" }, count: 3 },
        { connectionId: "a", component: "shipping", selection: "all", count: 9 },
      ],
    );
  });

  test("no message is counted twice, in whatever order rows were selected", () => {
    const rows = [
      message("sales", "g", "1"),
      message("sales", "g", "1"),
      message("sales", "h", "2"),
      group("sales", "g"),
      message("billing", "g", "3"),
      group("billing", "g"),
      component("billing"),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
        const selected = selectedMessages(shuffled);
        assert.deepEqual(
          selected.map(({ component: of, selection }) => JSON.stringify([of, selection])).toSorted(),
          [
            JSON.stringify(["billing", "all"]),
            JSON.stringify(["sales", { failureGroup: "g" }]),
            JSON.stringify(["sales", { ids: ["2"] }]),
          ].toSorted(),
        );
      }),
    );
  });
});
