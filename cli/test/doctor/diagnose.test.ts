import assert from "node:assert/strict";
import { test } from "node:test";
import type { ObservedComponent, ProjectionStatus, ServerObservation } from "@sluice/transport/deploy";
import { diagnose } from "../../src/doctor/diagnose.ts";
import type { Examination } from "../../src/doctor/examination.ts";

const RUNNING: ProjectionStatus = { state: "running", status: "Running", reason: "" };
const FAULTED: ProjectionStatus = { state: "faulted", status: "Faulted", reason: "it broke\n at 3" };
const NOW = new Date("2026-11-29T12:00:00Z");
const METHODS = [
  "event_store.client.streams.streams/batchappend",
  "event_store.client.persistent_subscriptions.persistentsubscriptions/getinfo",
  "event_store.client.persistent_subscriptions.persistentsubscriptions/list",
  "event_store.client.projections.projections/create",
  "event_store.client.projections.projections/update",
];
const GROUP = {
  messageTimeout: 30_000,
  maxRetryCount: 1000,
  resolvesLinks: true,
  parked: 0,
  consumers: 1,
  inFlight: 0,
  checkpoint: 9n,
  lastKnown: 9n,
};
const SALES: ObservedComponent = {
  name: "sales",
  deployed: { generator: 1, group: { messageTimeout: 30_000 }, backfills: [], routers: {} },
  open: undefined,
  problems: [],
  group: GROUP,
  oldestWaiting: undefined,
  projections: [],
  seesTexts: true,
};

const WELL: ServerObservation = {
  components: [SALES],
  statuses: new Map([["$by_category", RUNNING]]),
  seesGroups: true,
};

/** What is said where all is well but for this. */
function found(seen: Partial<ServerObservation & Omit<Examination, "observation">>): readonly string[] {
  const { components, statuses, seesGroups, ...rest } = { ...WELL, ...seen };
  const examination: Examination = {
    server: "127.0.0.1:2113",
    now: NOW,
    version: "23.10.6",
    methods: new Set(METHODS),
    clock: { ahead: 300, uncertainty: 500 },
    parked: new Map(),
    sizes: [],
    rights: new Map(),
    ...rest,
    observation: { components, statuses, seesGroups },
  };
  return diagnose(examination, { lag: 60_000 })
    .filter(({ severity }) => severity !== "ok")
    .map(({ severity, about, text }) => `${severity} ${about}: ${text}`);
}

test("doctor – of a server on which all is well nothing is said", () => {
  assert.deepEqual(found({}), []);
});

test("doctor – versions, what is missing, and clocks", () => {
  assert.deepEqual(found({ version: "21.10.2" }), [
    "problem server: The server is of version 21.10.2. Take EventStoreDB 22.10 or newer.",
  ]);
  assert.match(
    found({ methods: new Set(METHODS.slice(1)) }).join(),
    /does not offer event_store\.client\.streams\.streams\/batchappend/,
  );
  assert.match(found({ version: undefined }).join(), /^warning server: The server does not tell its version/);
  assert.match(
    found({ clock: { ahead: -7_200_000, uncertainty: 600 } }).join(),
    /clock is 2 hours behind this machine's/,
  );
  assert.deepEqual(found({ clock: { ahead: 5_400, uncertainty: 600 } }), []);
});

test("doctor – $by_category, and what of others has faulted", () => {
  assert.match(
    found({ statuses: new Map() }).join(),
    /^problem server: No message travels: \$by_category is not there/,
  );
  assert.match(
    found({ statuses: new Map([["$by_category", FAULTED]]) }).join(),
    /\$by_category does not run \(Faulted: it broke at 3\)/,
  );
  assert.deepEqual(
    found({
      statuses: new Map([
        ["$by_category", RUNNING],
        ["theirs", FAULTED],
      ]),
    }),
    ["warning server: The projection theirs, of no component, has faulted: it broke at 3"],
  );
});

test("doctor – what a login does not see is said, and nothing is taken for well or gone because of it", () => {
  const blind = { ...SALES, group: undefined, seesTexts: false };
  assert.deepEqual(
    found({ components: [blind], statuses: undefined, seesGroups: false, parked: new Map([["sales", undefined]]) }),
    [
      "warning server: This login does not see projections, groups, parked messages, so nothing is said of them. Take one that is a member of $admins.",
    ],
  );
});

test("doctor – each thing that a login does not see is named by itself, each method that is missing too", () => {
  const unseen = (seen: Parameters<typeof found>[0]): string =>
    /does not see (.+), so nothing/.exec(found(seen).join())?.[1] ?? "";
  assert.equal(unseen({ statuses: undefined }), "projections");
  assert.equal(unseen({ seesGroups: false }), "groups");
  assert.equal(unseen({ components: [{ ...SALES, seesTexts: false }] }), "texts of projections");
  assert.equal(unseen({ parked: new Map([["sales", undefined]]) }), "parked messages");
  assert.equal(unseen({ rights: new Map([["sales", undefined]]) }), "rights on streams");
  for (const method of METHODS) {
    const others = METHODS.filter((other) => other !== method);
    assert.deepEqual(found({ methods: new Set(others) }), [
      `problem server: The server does not offer ${method}. Take EventStoreDB 22.10 or newer.`,
    ]);
  }
  assert.match(found({ methods: undefined }).join(), /does not tell its version and what it can do/);
});

test("doctor – rights that are not as they were deployed are a problem, with what gives them back", () => {
  const rights = new Map([["sales", { login: "sales-svc", changed: ["handled.sales", "$ce-in.sales"] }]]);
  assert.deepEqual(found({ rights }), [
    "problem sales: Rights are not as they were deployed on handled.sales, $ce-in.sales. Give them back: sluice deploy FILE --component sales",
  ]);
});

test("doctor – what waits is a problem once it waits for long", () => {
  const waiting = { ...SALES, group: { ...GROUP, lastKnown: 12n } };
  const since = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
  assert.deepEqual(found({ components: [{ ...waiting, oldestWaiting: since(60) }] }), []);
  assert.deepEqual(found({ components: [{ ...waiting, oldestWaiting: since(180) }] }), [
    "problem sales: 3 messages wait, the oldest for 3 minutes, with 1 connected. Look at what the handlers wait for, or start more instances.",
  ]);
  const alone = { ...waiting, group: { ...waiting.group, consumers: 0 }, oldestWaiting: since(180) };
  assert.match(found({ components: [alone] }).join(), /and no instance is connected\. Start one\.$/);
});

test("doctor – faults, parked messages, lost groups, cut off deployments and large streams, each with what helps", () => {
  const ill: ObservedComponent = {
    ...SALES,
    group: undefined,
    problems: [{ component: "sales", projection: "sluice.router.sales", why: "faulted", reason: "boom" }],
    open: { deployment: "1", by: "host 17", change: { kind: "retire" } },
  };
  const sizes = [{ stream: "$ce-in.sales", component: "sales", events: 20_000_000, perDay: 1_000_000.4 }];
  assert.deepEqual(found({ components: [ill], parked: new Map([["sales", 2]]), sizes }), [
    "problem sales: sluice.router.sales has faulted: boom. Find what broke it, then: sluice deploy --repair --component sales",
    "warning sales: A deployment by host 17 was begun and has not ended. If whoever began it is gone, the next one goes on with it: sluice deploy FILE --component sales",
    "problem sales: Its group is gone, so nobody receives. Deploy it again: sluice deploy FILE --component sales",
    "problem sales: 2 messages are parked. Look at why: sluice parked list sales",
    "warning sales: $ce-in.sales holds 20000000 events, and gets 1000000 a day. See to the disk, or let go what nobody needs: sluice prune --streams",
  ]);
});
