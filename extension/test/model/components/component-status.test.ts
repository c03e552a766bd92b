import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ObservedComponent, Problem, ServerObservation } from "@sluice/transport/deploy";
import { planOf } from "@sluice/transport/deploy";
import type { ComponentShape } from "@sluice/transport/topology";
import { componentStatuses, isRepairable } from "../../../src/components/component-status.ts";

/** Of the texts that this version generates. */
const GENERATOR = 2;

const shape = (name: string, events: ComponentShape["events"] = {}): ComponentShape => ({
  name,
  commands: [],
  replies: [],
  events,
  categories: {},
  messageTimeout: 30_000,
});

/** Deployed as {@link shape} has it. */
function deployed(name: string, more: Partial<ObservedComponent> = {}): ObservedComponent {
  return {
    name,
    deployed: {
      generator: GENERATOR,
      group: { messageTimeout: 30_000 },
      backfills: [],
      routers: { [name]: { kind: "router", generation: 1, since: 0 } },
    },
    open: undefined,
    group: {
      messageTimeout: 30_000,
      maxRetryCount: 2 ** 31 - 1,
      resolvesLinks: true,
      parked: 0,
      consumers: 1,
      inFlight: 0,
      checkpoint: 3n,
      lastKnown: 3n,
    },
    problems: [],
    oldestWaiting: undefined,
    projections: [],
    seesTexts: true,
    ...more,
  };
}

const problem = (component: string, why: Problem["why"]): Problem => ({
  component,
  projection: `sluice.router.${component}`,
  why,
  reason: "the reason",
});

function statesOf(
  components: readonly ObservedComponent[],
  declared: readonly { name: string; shape?: ComponentShape }[],
) {
  const running = { state: "running", status: "Running", reason: "" } as const;
  const observed: ServerObservation = {
    components,
    statuses: new Map(components.map(({ name }) => [`sluice.router.${name}`, running])),
    seesGroups: true,
  };
  return componentStatuses(observed, declared, (of, { statuses }) => {
    const { deployed: there, open, problems = [], group } = components.find(({ name }) => name === of.name) ?? {};
    return planOf(of, { deployed: there, open, problems }, { statuses, group });
  });
}
const stateOf = (...given: Parameters<typeof statesOf>): string | undefined => statesOf(...given)[0]?.state;

suite("status of a component", () => {
  test("deployed as it is declared", () => {
    assert.equal(stateOf([deployed("sales")], [{ name: "sales", shape: shape("sales") }]), "deployed");
  });

  test("declared and not there", () => {
    assert.equal(stateOf([], [{ name: "sales", shape: shape("sales") }]), "missing");
    const retired = deployed("sales", {
      deployed: { generator: GENERATOR, backfills: [], routers: {} },
      group: undefined,
    });
    assert.equal(stateOf([retired], [{ name: "sales", shape: shape("sales") }]), "missing");
  });

  test("one that was retired and that nobody declares is not listed", () => {
    const retired = deployed("sales", {
      deployed: { generator: GENERATOR, backfills: [], routers: {} },
      group: undefined,
    });
    assert.deepEqual(statesOf([retired], []), []);
  });

  test("drifted: what is declared would add or take away, or a text was edited", () => {
    const wants = shape("sales", { "billing.Charged": "now" });
    assert.equal(stateOf([deployed("sales")], [{ name: "sales", shape: wants }]), "drifted");
    assert.equal(
      stateOf(
        [deployed("sales", { problems: [problem("sales", "edited")] })],
        [{ name: "sales", shape: shape("sales") }],
      ),
      "drifted",
    );
  });

  test("the worst comes first, whatever else is so", () => {
    const wants = [{ name: "sales", shape: shape("sales", { "billing.Charged": "now" }) }];
    const open = { deployment: "1", by: "somebody", change: { kind: "retire" } } as const;
    const of = (whys: readonly Problem["why"][], more: Partial<ObservedComponent> = {}): string | undefined =>
      stateOf([deployed("sales", { problems: whys.map((why) => problem("sales", why)), ...more })], wants);
    assert.equal(of(["edited", "stopped", "faulted"], { open }), "faulted");
    assert.equal(of(["edited", "stopped"], { open }), "standing-still");
    assert.equal(of(["edited"], { open }), "interrupted");
  });

  test("only on the server, where the workspace declares others; deployed where it declares none", () => {
    assert.equal(stateOf([deployed("billing")], [{ name: "sales", shape: shape("sales") }]), "only-on-server");
    assert.equal(stateOf([deployed("billing")], []), "deployed");
  });

  test("a declaration that cannot be read is compared with nothing", () => {
    const [status] = statesOf([deployed("sales")], [{ name: "sales" }]);
    assert.equal(status?.state, "unreadable");
    assert.equal(status?.plan, undefined);
    assert.equal(stateOf([], [{ name: "sales" }]), "missing");
  });

  test("declared twice, the first counts", () => {
    const twice = [
      { name: "sales", shape: shape("sales") },
      { name: "sales", shape: shape("sales", { "billing.Charged": "now" }) },
    ];
    assert.deepEqual(
      statesOf([deployed("sales")], twice).map(({ name, state }) => [name, state]),
      [["sales", "deployed"]],
    );
  });

  test("repairable is what has faulted, was edited or deleted", () => {
    const of = (why: Problem["why"]): boolean => isRepairable({ problems: [problem("sales", why)] });
    assert.deepEqual((["faulted", "edited", "missing", "stopped", "foreign"] as const).map(of), [
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
