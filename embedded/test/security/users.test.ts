import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { AccessControl } from "../../src/security/access-control.ts";
import { Authenticator } from "../../src/security/authenticator.ts";
import {
  TooManyLoginsError,
  UserExistsError,
  UserNotFoundError,
  UserRefusedError,
  WrongPasswordError,
} from "../../src/security/errors.ts";
import type { Principal } from "../../src/security/principal.ts";
import { Users } from "../../src/security/users.ts";
import { firstUsers, jsonRecord, openedStore } from "./opened-store.ts";

const ANN = { login: "ann", fullName: "Ann", groups: ["sales"] };

test("users – a new server has admin and ops", async (t) => {
  const { users } = await firstUsers(t);
  const summary = users.list().map(({ user }) => [user.login, user.fullName, user.groups, user.isDisabled]);
  assert.deepEqual(summary, [
    ["admin", "Event Store Administrator", ["$admins"], false],
    ["ops", "Event Store Operations", ["$ops"], false],
  ]);
});

test("users – a first user that was changed or deleted stays so", async (t) => {
  const { store, users } = await firstUsers(t);
  await users.delete("ops");
  await users.resetPassword("admin", "other");
  await new Users(store, randomUUID).createInitial({ admin: "changeit", ops: "changeit" });
  assert.equal(users.find("ops"), undefined);
  assert.notEqual(await new Authenticator(users).authenticate({ login: "admin", password: "other" }), undefined);
});

test("users – what is stored is what EventStoreDB stores", async (t) => {
  const { store } = await firstUsers(t);
  const page = store.readStream({ stream: "$user-admin", from: "start", direction: "forwards", maxCount: 10 });
  assert.equal(page.outcome, "read");
  const [record] = page.outcome === "read" ? page.records : [];
  const document = JSON.parse(Buffer.from(record!.data).toString());
  assert.equal(record!.type, "$UserCreated");
  assert.deepEqual(Object.keys(document), ["loginName", "fullName", "salt", "hash", "disabled", "groups"]);
  const list = store.readStream({ stream: "$users", from: "start", direction: "forwards", maxCount: 10 });
  assert.deepEqual(
    list.outcome === "read" && list.records.map(({ type, data }) => [type, Buffer.from(data).toString()]),
    [
      ["$User", "admin"],
      ["$User", "ops"],
    ],
  );
});

test("users – create, update, disable, enable, delete, create again", async (t) => {
  const { users } = await firstUsers(t);
  await users.create(ANN, "one");
  await assert.rejects(users.create(ANN, "one"), UserExistsError);
  await users.update({ ...ANN, groups: ["sales", "billing"] });
  assert.deepEqual(users.find("ann")?.user.groups, ["sales", "billing"]);
  await users.setDisabled("ann", true);
  assert.equal(users.find("ann")?.user.isDisabled, true);
  await users.setDisabled("ann", false);
  await users.delete("ann");
  assert.equal(users.find("ann"), undefined);
  await users.create(ANN, "two");
  assert.deepEqual(users.find("ann")?.user.groups, ["sales"]);
  assert.equal(users.list().filter(({ user }) => user.login === "ann").length, 1);
});

test("users – nobody but admins reads a user's stream, again after it was deleted and made anew", async (t) => {
  const { store, users } = await firstUsers(t);
  await store.append("$settings", "any", [jsonRecord("settings", { $systemStreamAcl: { $r: "$all", $mw: "$all" } })]);
  const access = new AccessControl(store);
  const ann: Principal = { kind: "user", login: "ann", groups: ["sales"] };
  const sees = (stream: string) => access.mayDo(ann, { kind: "stream", right: "read", stream });
  assert.equal(sees("$ce-orders"), true);
  await users.create(ANN, "one");
  assert.equal(sees("$user-ann"), false);
  await users.delete("ann");
  await users.create(ANN, "one");
  assert.equal(sees("$user-ann"), false);
  assert.equal(access.mayDo(ann, { kind: "stream", right: "write", stream: "$$$user-ann" }), false);
});

test("users – changes of one who is not there fail by name", async (t) => {
  const { users } = await firstUsers(t);
  const missing = (error: unknown) => error instanceof UserNotFoundError && error.login === "ann";
  await assert.rejects(users.update(ANN), missing);
  await assert.rejects(users.delete("ann"), missing);
  await assert.rejects(users.setDisabled("ann", true), missing);
  await assert.rejects(users.resetPassword("ann", "x"), missing);
  await assert.rejects(users.changePassword("ann", "x", "y"), missing);
});

test("users – what could not log in, or would pass for a group, is refused", async (t) => {
  const { users } = await firstUsers(t);
  for (const login of ["", "$admins", "a:b", "a b", "a\u0000", "x".repeat(300)]) {
    await assert.rejects(users.create({ ...ANN, login }, "x"), UserRefusedError, login);
  }
  for (const password of ["", "a\nb", "x".repeat(300)]) {
    await assert.rejects(users.create(ANN, password), UserRefusedError);
  }
  assert.equal(users.find("ann"), undefined);
});

test("users – many creating the same user at once make one", async (t) => {
  const { users } = await firstUsers(t);
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => users.create(ANN, "x")));
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
});

test("authentication – the right password, and no other", async (t) => {
  const { users } = await firstUsers(t);
  const authenticator = new Authenticator(users);
  const admin = { kind: "user", login: "admin", groups: ["$admins"] };
  assert.deepEqual(await authenticator.authenticate({ login: "admin", password: "changeit" }), admin);
  assert.equal(await authenticator.authenticate({ login: "admin", password: "changeit2" }), undefined);
  assert.equal(await authenticator.authenticate({ login: "nobody", password: "changeit" }), undefined);
  assert.equal(await authenticator.authenticate({ login: "ops", password: "" }), undefined);
});

test("authentication – who is known is told at once, until the user changes", async (t) => {
  const { users } = await firstUsers(t);
  const authenticator = new Authenticator(users);
  const right = { login: "ann", password: "one" };
  await users.create(ANN, "one");
  const first = authenticator.authenticate(right);
  assert.ok(first instanceof Promise);
  await first;
  assert.ok(!(authenticator.authenticate(right) instanceof Promise));
  assert.equal(await authenticator.authenticate({ ...right, password: "two" }), undefined);

  await users.update({ ...ANN, groups: ["billing"] });
  assert.deepEqual(await authenticator.authenticate(right), { kind: "user", login: "ann", groups: ["billing"] });
  await users.setDisabled("ann", true);
  assert.equal(await authenticator.authenticate(right), undefined);
  await users.setDisabled("ann", false);
  assert.notEqual(await authenticator.authenticate(right), undefined);
  await users.changePassword("ann", "one", "two");
  assert.equal(await authenticator.authenticate(right), undefined);
  assert.notEqual(await authenticator.authenticate({ ...right, password: "two" }), undefined);
  await users.delete("ann");
  assert.equal(await authenticator.authenticate({ ...right, password: "two" }), undefined);
});

test("authentication – a password is changed by who knows the old one", async (t) => {
  const { users } = await firstUsers(t);
  await assert.rejects(users.changePassword("admin", "wrong", "new"), WrongPasswordError);
  await users.changePassword("admin", "changeit", "new");
  assert.notEqual(await new Authenticator(users).authenticate({ login: "admin", password: "new" }), undefined);
});

test("authentication – a flood of guesses is checked two at a time, and refused beyond what can wait", async (t) => {
  const { users } = await firstUsers(t);
  let running = 0;
  let most = 0;
  const authenticator = new Authenticator(users, async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    return false;
  });
  const guess = (i: number) => authenticator.authenticate({ login: "admin", password: `guess ${i}` });
  const outcomes = await Promise.allSettled(Array.from({ length: 203 }, (_, i) => guess(i)));
  assert.equal(most, 2);
  const refused = outcomes.filter((one) => one.status === "rejected");
  assert.deepEqual(
    refused.map(({ reason }) => reason.constructor),
    [TooManyLoginsError],
  );
  assert.equal(await guess(500), undefined);
});

test("authentication – a client's many first calls have its password hashed once", async (t) => {
  const { users } = await firstUsers(t);
  let checks = 0;
  const authenticator = new Authenticator(users, async () => ++checks > 0);
  const calls = Array.from({ length: 20 }, () => authenticator.authenticate({ login: "admin", password: "changeit" }));
  assert.equal(new Set(await Promise.all(calls)).size, 1);
  assert.equal(checks, 1);
});

test("authentication – a user's record that is broken lets nobody in", async (t) => {
  const { store, users } = await firstUsers(t);
  const authenticator = new Authenticator(users);
  const good = users.find("admin")!.user;
  for (const broken of [{ loginName: "ops" }, { hash: 7 }, { groups: "$admins" }, { disabled: "no" }, { salt: null }]) {
    const document = { loginName: "admin", fullName: "", salt: good.salt, hash: good.hash, groups: [], ...broken };
    await store.append("$user-admin", "any", [jsonRecord("$UserUpdated", document)]);
    assert.equal(await authenticator.authenticate({ login: "admin", password: "changeit" }), undefined);
  }
});

test("settings – the last ones hold, broken ones open nothing", async (t) => {
  const store = openedStore(t);
  const access = new AccessControl(store);
  const ann: Principal = { kind: "user", login: "ann", groups: [] };
  const may = (stream: string) => access.mayDo(ann, { kind: "stream", right: "read", stream });
  const set = (data: unknown) => store.append("$settings", "any", [jsonRecord("update-default-acl", data)]);
  assert.deepEqual([may("s"), may("$s")], [true, false]);
  await set({ $userStreamAcl: { $r: "bob" }, $systemStreamAcl: { $r: ["ann"] } });
  assert.deepEqual([may("s"), may("$s"), may("$all")], [false, true, true]);
  await set({ $userStreamAcl: { $r: "ann" } });
  assert.deepEqual([may("s"), may("$s")], [true, false]);
  await set({ $systemStreamAcl: { $r: 7 } });
  assert.deepEqual([may("s"), may("$s")], [true, false]);
});

test("access – a stream's metadata decides, from the moment it is written", async (t) => {
  const store = openedStore(t);
  const access = new AccessControl(store);
  const ann: Principal = { kind: "user", login: "ann", groups: ["sales"] };
  const may = () => access.mayDo(ann, { kind: "stream", right: "write", stream: "orders" });
  assert.equal(may(), true);
  await store.append("$$orders", "any", [jsonRecord("$metadata", { $acl: { $w: ["bob"] } })]);
  assert.equal(may(), false);
  await store.append("$$orders", "any", [jsonRecord("$metadata", { $acl: { $w: ["bob", "sales"] } })]);
  assert.equal(may(), true);
});
