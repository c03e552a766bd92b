import assert from "node:assert/strict";
import { test } from "node:test";
import type { ComponentPlan } from "@sluice/transport/deploy";
import { helpOf, helpOfAll } from "../src/command-line/help.ts";
import { COMMANDS } from "../src/commands/all.ts";
import { durationText } from "../src/render/duration-text.ts";
import { parkedText } from "../src/render/parked-text.ts";
import { hasChanges, planText } from "../src/render/plan-text.ts";
import { tableText } from "../src/render/table-text.ts";
import { jsonText } from "../src/terminal/json-text.ts";
import { colored, paintFor, plain } from "../src/terminal/paint.ts";
import { oneLine, printable } from "../src/terminal/printable.ts";

const NOTHING: ComponentPlan = { component: "sales", steps: [], removals: [], problems: [] };
const PLAN: ComponentPlan = {
  component: "billing",
  steps: [
    { kind: "group", name: "$ce-in.billing::billing", action: "update" },
    {
      kind: "projection",
      name: "sluice.filter.billing",
      action: "create",
      subscribes: { "sales.OrderPlaced": "start", "sales.*": "now" },
    },
  ],
  removals: [{ kind: "projection", name: "sluice.backfill.billing.1", action: "remove" }],
  problems: [{ component: "billing", projection: "sluice.router.billing", why: "edited", reason: "other text" }],
  open: { deployment: "1", by: "host 17", change: { kind: "retire" } },
};

test("parked – a reason that is too long for a list ends where it is cut, and shows that", () => {
  const text = (message: string): string => {
    const [id, at] = ["9b1f61c9-0000-4000-8000-000000000000", new Date(0)];
    const exception = { name: "RangeError", message };
    const base = { id, position: 0n, parkedAt: at, firstFailedAt: at, lastFailedAt: at, exception };
    const parked = { ...base, message: undefined, attempts: 1, delayedRetries: 0, replays: 0, failureGroup: "g" };
    const groups = [{ failureGroup: "g", count: 1, firstFailedAt: at, lastFailedAt: at }];
    const page = { messages: [parked], next: undefined };
    return parkedText([{ component: "sales", groups, page } as never], plain);
  };
  assert.match(text("x".repeat(88)), /RangeError: x{88}$/);
  assert.match(text("x".repeat(89)), /RangeError: x{87}…$/);
});

test("plan – as text: what is wrong, what is added and changed, what pruning would take away, and a sum", () => {
  assert.equal(
    planText([PLAN, NOTHING], plain),
    `billing
  ! a deployment by host 17 was begun and has not ended; the next one goes on with it
  ! sluice.router.billing was edited by hand. Put the edit into the declaration, then: sluice deploy --repair --component billing
  ~ group       $ce-in.billing::billing
  + projection  sluice.filter.billing
      + sales.OrderPlaced from the start
      + sales.* from now on
  once no older version runs any more, by --prune:
  - projection  sluice.backfill.billing.1

sales
  nothing to do

1 to create, 1 to update, 1 for --prune, 1 that do not run as they should, 1 begun and not ended.`,
  );
  assert.match(planText([NOTHING], plain), /\n\nNothing to do: the server has what is declared\.$/);
});

test("plan – has changes where deploying would do something; what pruning would do counts where it is asked for", () => {
  const removes = { ...NOTHING, removals: PLAN.removals };
  assert.deepEqual(
    [hasChanges([NOTHING], true), hasChanges([removes], false), hasChanges([removes], true), hasChanges([PLAN], false)],
    [false, false, true, true],
  );
});

test("texts – colors for a terminal that has them and a person who has not asked for none", () => {
  assert.equal(paintFor(true, {}), colored);
  for (const paint of [paintFor(false, {}), paintFor(true, { NO_COLOR: "1" }), paintFor(true, { TERM: "dumb" })]) {
    assert.equal(paint, plain);
  }
  assert.equal(colored("red", "x"), "\u001B[31mx\u001B[39m");
});

test("texts – what others have written commands no terminal", () => {
  assert.equal(printable("a\u001B[2Jb\r\nc\td"), "a\uFFFD[2Jb\nc\td");
  assert.equal(oneLine("a\n  b\u0007"), "a b\uFFFD");
});

test("texts – tables, times, and numbers beyond those that JSON's readers keep", () => {
  assert.deepEqual(
    tableText(
      ["A", "B"],
      [
        ["one", "x"],
        ["1", "yy"],
      ],
      plain,
    ),
    ["A    B", "one  x", "1    yy"],
  );
  assert.deepEqual([900, 1_000, 90_000, 7_200_000, 172_800_000].map(durationText), [
    "1 second",
    "1 second",
    "2 minutes",
    "2 hours",
    "2 days",
  ]);
  assert.equal(
    jsonText({ a: 3n, b: 2n ** 60n, c: new Map([["d", 1]]) }),
    '{"a":3,"b":"1152921504606846976","c":{"d":1}}',
  );
});

test("help – every command has one, with an example, its options and the exit codes", () => {
  const all = COMMANDS.flatMap((command) => [command, ...(command.commands ?? [])]);
  for (const command of all) {
    const help = helpOf(command);
    assert.match(help, new RegExp(`^sluice ${command.name}`));
    assert.match(help, /\nExample: .*sluice /);
    assert.match(help, /--connection STRING/);
    assert.match(help, /Exit codes: /);
  }
  for (const { name } of COMMANDS) assert.match(helpOfAll(COMMANDS), new RegExp(`\n  ${name} `));
});
