import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Action, type DefaultAcls, mayDo, rightOn } from "../../src/security/permission.ts";
import { ANONYMOUS, type Principal, SYSTEM } from "../../src/security/principal.ts";
import type { StreamAcl } from "../../src/streams/stream-metadata.ts";

const user = (login: string, ...groups: string[]): Principal => ({ kind: "user", login, groups });
const principals = {
  system: SYSTEM,
  anonymous: ANONYMOUS,
  admin: user("admin", "$admins"),
  ops: user("ops", "$ops"),
  ann: user("ann", "sales"),
};
type Who = keyof typeof principals;
const RIGHTS = ["read", "write", "delete", "metaRead", "metaWrite"] as const;

const on = (right: keyof StreamAcl, stream: string): Action => ({ kind: "stream", right, stream });
const NOBODY_ELSE: readonly Who[] = ["system"];
const ADMIN: readonly Who[] = ["system", "admin"];
const OPERATOR: readonly Who[] = ["system", "admin", "ops"];
const USER: readonly Who[] = ["system", "admin", "ops", "ann"];

const TABLE: readonly {
  what: string;
  action: Action;
  acl?: StreamAcl;
  defaults?: DefaultAcls;
  allowed: readonly Who[];
}[] = [
  ...RIGHTS.map((right) => ({ what: `${right} a user stream`, action: on(right, "orders-1"), allowed: USER })),
  ...RIGHTS.map((right) => ({ what: `${right} a system stream`, action: on(right, "$ce-orders"), allowed: ADMIN })),
  { what: "read $all", action: on("read", "$all"), allowed: ADMIN },
  { what: "read $all by no name", action: on("read", ""), allowed: ADMIN },
  { what: "write to $all", action: on("write", "$all"), allowed: NOBODY_ELSE },
  { what: "write to no name", action: on("write", ""), allowed: NOBODY_ELSE },
  { what: "delete $all", action: on("delete", "$all"), allowed: NOBODY_ELSE },
  { what: "read metadata", action: on("read", "$$orders-1"), allowed: USER },
  { what: "read metadata of a system stream", action: on("read", "$$$ce-orders"), allowed: ADMIN },
  { what: "write metadata", action: on("write", "$$orders-1"), allowed: USER },
  { what: "delete metadata", action: on("delete", "$$orders-1"), allowed: NOBODY_ELSE },
  {
    what: "read $all opened by its ACL",
    action: on("read", "$all"),
    acl: { read: ["ann"] },
    allowed: ["system", "admin", "ann"],
  },
  { what: "an ACL by login", action: on("read", "s"), acl: { read: ["ann"] }, allowed: ["system", "admin", "ann"] },
  { what: "an ACL by group", action: on("read", "s"), acl: { read: ["sales"] }, allowed: ["system", "admin", "ann"] },
  { what: "an ACL for $ops", action: on("read", "s"), acl: { read: ["$ops"] }, allowed: OPERATOR },
  { what: "an ACL for everybody", action: on("read", "$s"), acl: { read: ["$all"] }, allowed: USER },
  { what: "an ACL for nobody", action: on("read", "s"), acl: { read: [] }, allowed: ADMIN },
  { what: "an ACL for another right", action: on("write", "s"), acl: { read: [] }, allowed: USER },
  {
    what: "an ACL asked through the metastream",
    action: on("write", "$$s"),
    acl: { metaWrite: ["ann"], write: [] },
    allowed: ["system", "admin", "ann"],
  },
  {
    what: "settings close user streams",
    action: on("read", "s"),
    defaults: { userStreams: { read: ["sales"] } },
    allowed: ["system", "admin", "ann"],
  },
  {
    what: "settings open system streams",
    action: on("read", "$s"),
    defaults: { systemStreams: { read: ["$all"] } },
    allowed: USER,
  },
  {
    what: "settings of the other kind of streams",
    action: on("read", "s"),
    defaults: { systemStreams: { read: [] } },
    allowed: USER,
  },
  {
    what: "an ACL wins over settings",
    action: on("read", "s"),
    acl: { read: ["ann"] },
    defaults: { userStreams: { read: ["$ops"] } },
    allowed: ["system", "admin", "ann"],
  },
  {
    what: "settings for what an ACL leaves out",
    action: on("write", "s"),
    acl: { read: ["ann"] },
    defaults: { userStreams: { write: ["$ops"] } },
    allowed: OPERATOR,
  },
  { what: "inspect", action: { kind: "inspect" }, allowed: USER },
  { what: "operate", action: { kind: "operate" }, allowed: OPERATOR },
  { what: "administer", action: { kind: "administer" }, allowed: ADMIN },
  { what: "see a user", action: { kind: "own-user", right: "see", login: "ann" }, allowed: ["system", "admin", "ann"] },
  {
    what: "change a password",
    action: { kind: "own-user", right: "change-password", login: "ann" },
    allowed: ["system", "ann"],
  },
];

for (const { what, action, acl, defaults, allowed } of TABLE) {
  test(`permission – ${what}: ${allowed.join(", ")}`, () => {
    const may = (Object.keys(principals) as Who[]).filter((who) => mayDo(principals[who], action, acl, defaults));
    assert.deepEqual(may.toSorted(), allowed.toSorted());
  });
}

const name = fc.constantFrom("ann", "bob", "sales", "$admins", "$ops", "$all", "");
const acl = fc.record(Object.fromEntries(RIGHTS.map((right) => [right, fc.array(name, { maxLength: 3 })])), {
  requiredKeys: [],
}) as fc.Arbitrary<StreamAcl>;
const defaults = fc.record({ userStreams: acl, systemStreams: acl }, { requiredKeys: [] }) as fc.Arbitrary<DefaultAcls>;
const stream = fc.constantFrom("s", "$s", "$all", "", "$$s", "$$$s", "$$$all", "$$$$s", "ann", "$user-ann");
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant("stream" as const), right: fc.constantFrom(...RIGHTS), stream }),
  fc.constantFrom<Action>({ kind: "inspect" }, { kind: "operate" }, { kind: "administer" }),
);
const login = fc.constantFrom("ann", "bob");
const groups = fc.uniqueArray(fc.constantFrom("sales", "$ops"));

test("permission – who gave no credentials may do nothing, whatever an ACL says", () => {
  fc.assert(fc.property(action, acl, defaults, (what, own, all) => !mayDo(ANONYMOUS, what, own, all)));
});

test("permission – an admin may do all that anybody else may", () => {
  fc.assert(
    fc.property(action, acl, defaults, login, groups, (what, own, all, who, of) => {
      return !mayDo(user(who, ...of), what, own, all) || mayDo(principals.admin, what, own, all);
    }),
  );
});

test("permission – one more group never takes a right away", () => {
  fc.assert(
    fc.property(action, acl, defaults, login, groups, name, (what, own, all, who, of, more) => {
      return !mayDo(user(who, ...of), what, own, all) || mayDo(user(who, ...of, more), what, own, all);
    }),
  );
});

test("permission – a right named in the stream's ACL is decided by it alone", () => {
  fc.assert(
    fc.property(stream, fc.constantFrom(...RIGHTS), acl, defaults, login, groups, (of, right, own, all, who, in_) => {
      const wanted = rightOn({ kind: "stream", right, stream: of });
      fc.pre(wanted !== undefined && own[wanted.right] !== undefined);
      const principal = user(who, ...in_);
      assert.equal(
        mayDo(principal, on(right, of), own, all),
        [who, ...in_, "$all"].some((one) => own[wanted.right]?.includes(one)),
      );
    }),
  );
});
