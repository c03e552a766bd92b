import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import fc from "fast-check";
import { deriveId } from "../../src/messages/ids.ts";
import { parkedMessagesOf } from "../../src/recoverability/parked.ts";
import { parkedStream } from "../../src/topology/stream-names.ts";
import { FakeLog, type Fate } from "../schedule/fake-log.ts";

const ID = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
const NOW = Date.UTC(2026, 0, 1, 12);

type Step =
  | { readonly step: "park" }
  | { readonly step: "retry"; readonly which: number | "all" }
  | { readonly step: "archive"; readonly which: number }
  /** Somebody else, such as the scheduler, writes into the same stream. */
  | { readonly step: "other" }
  | { readonly step: "call"; readonly which: number; readonly fate: Fate }
  | { readonly step: "kill"; readonly which: number; readonly done: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ step: "park" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ step: fc.constant("retry" as const), which: fc.oneof(fc.nat(9), fc.constant("all")) }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant("archive" as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.constant({ step: "other" as const }) },
  {
    weight: 20,
    arbitrary: fc.record({
      step: fc.constant("call" as const),
      which: fc.nat(9),
      fate: fc.oneof({ weight: 15, arbitrary: fc.constant("answered" as const) }, fc.constantFrom("done", "lost")),
    }),
  },
  { weight: 3, arbitrary: fc.record({ step: fc.constant("kill" as const), which: fc.nat(3), done: fc.boolean() }) },
) as fc.Arbitrary<Step>;

const event = (id: string, type: string, data: string, metadata: object = {}) => ({
  id,
  type,
  isJson: type !== "$>",
  data: Buffer.from(data),
  metadata: Buffer.from(JSON.stringify(metadata)),
});

test("parked – whoever is killed on whatever line, and however often it is repeated: each parked message comes back once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 250, size: "max" }), async (steps) => {
      const log = new FakeLog(() => NOW);
      const parked: string[] = [];
      const archived = new Set<string>();
      let others = 0;
      const call = (which: number, fate: Fate): void => {
        const [next] = log.calls.splice(which % Math.max(1, log.calls.length), 1);
        next?.run(fate);
      };
      const act = (action: "retry" | "archive", which: number | "all"): Promise<unknown> => {
        const caller = log.caller();
        const ids = which === "all" ? parked : parked.slice(which, which + 1);
        if (action === "archive") for (const id of ids) archived.add(id);
        const messages = parkedMessagesOf(caller.store, "D", () => new Date(NOW));
        return messages[action](which === "all" ? "all" : { ids }, { by: "ann" });
      };
      const take = (what: Step): void => {
        if (what.step === "call") call(what.which, what.fate);
        else if (what.step === "park") {
          const n = parked.length;
          const id = deriveId(ID, `parked ${n}`);
          log.append("in.D-test", [event(deriveId(ID, `message ${n}`), "T", "{}")]);
          log.append("$ce-in.D", [event(deriveId(ID, `link ${n}`), "$>", `${n}@in.D-test`)]);
          log.append(parkedStream("D"), [event(id, "$>", `${n}@$ce-in.D`, { reason: "x" })]);
          parked.push(id);
        } else if (what.step === "other") {
          log.append("in.D-retries", [event(deriveId(ID, `other ${(others += 1)}`), "$>", "0@later.D-202601011200")]);
        } else if (what.step === "kill") {
          const busy = log.calls.map(({ caller }) => caller);
          const dead = busy[what.which % Math.max(1, busy.length)];
          if (dead === undefined) return;
          dead.isDead = true;
          for (const one of log.calls.filter(({ caller }) => caller === dead)) {
            log.calls.splice(log.calls.indexOf(one), 1);
            one.run(what.done ? "done" : "lost");
          }
        } else act(what.step, what.which).catch(() => {});
      };
      const settle = async (action: Promise<unknown>): Promise<void> => {
        let over = false;
        void action.finally(() => (over = true)).catch(() => {});
        for (let rounds = 0; !over || log.calls.length > 0; rounds += 1) {
          assert.ok(rounds < 10_000, "it ends");
          call(0, "answered");
          await turn();
        }
      };
      for (const each of steps) {
        take(each);
        await turn();
      }
      await settle(act("retry", "all"));
      const copies = (log.streams.get("in.D-retries") ?? []).filter(({ type }) => type === "T");
      for (const id of parked) {
        const count = copies.filter((copy) => copy.id === deriveId(id, "replay")).length;
        if (archived.has(id)) assert.ok(count <= 1, "once at most");
        else assert.equal(count, 1, "each comes back once");
      }
      assert.equal(copies.length, new Set(copies.map(({ id }) => id)).size);
      const caller = log.caller();
      const messages = parkedMessagesOf(caller.store, "D", () => new Date(NOW));
      const left = messages.list().then((page) => assert.deepEqual(page.messages, []));
      await settle(left);
      await left;
    }),
    { numRuns: Number(process.env["SLUICE_RUNS"] ?? 100) },
  );
});
