import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AccessDeniedError } from "@eventstore/db-client";
import { createRequire } from "node:module";
import { status } from "@grpc/grpc-js";
import { createUserReq, userDetailsResp } from "../../src/grpc/wire/users.ts";
import { type Embedded, startEmbedded } from "../../src/index.ts";
import { all } from "../grpc/running-server.ts";
import { basic, callUsers, clientAs, createUser, secureServer } from "./secure-server.ts";

let server: Embedded;
before(async () => {
  server = await secureServer();
});
after(() => server.stop());

const admin = basic("admin");
const done = async (method: string, options: object, authorization = admin) => {
  const { error } = await callUsers(server, method, options, authorization);
  assert.equal(error, undefined);
};
const refused = async (code: number, method: string, options: object, authorization: string | undefined = admin) => {
  const { error } = await callUsers(server, method, options, authorization);
  assert.equal(error?.code, code, `${method}: ${error?.message}`);
  return error!;
};
interface Details {
  readonly loginName: string;
  readonly fullName: string;
  readonly groups: readonly string[];
  readonly disabled: boolean;
  readonly lastUpdated: { readonly ticksSinceEpoch: bigint | number };
}
async function details(loginName: string, authorization = admin): Promise<Details[]> {
  const { answers, error } = await callUsers(server, "details", { loginName }, authorization);
  assert.equal(error, undefined);
  return answers.map(({ userDetails }) => userDetails as Details);
}

test("users service – a user that is made can log in, as what the groups allow", async (t) => {
  await createUser(server, "carl", ["$admins"]);
  await createUser(server, "dora", ["sales"]);
  assert.ok((await all(clientAs(t, server, "carl").readAll({ maxCount: 1 }))).length > 0);
  await assert.rejects(all(clientAs(t, server, "dora").readAll({ maxCount: 1 })), AccessDeniedError);
  const [found] = await details("dora");
  const { lastUpdated, ...rest } = found!;
  assert.deepEqual(rest, { loginName: "dora", fullName: "dora", groups: ["sales"], disabled: false });
  const age = Date.now() - Number(lastUpdated.ticksSinceEpoch) / 10_000;
  assert.ok(age >= 0 && age < 60_000, `made ${age} ms ago`);
});

test("users service – all users are listed for admins, oneself for everybody", async () => {
  await createUser(server, "erik", []);
  const logins = (await details("")).map(({ loginName }) => loginName);
  assert.deepEqual(logins.slice(0, 2), ["admin", "ops"]);
  assert.ok(logins.includes("erik"));
  assert.equal((await details("erik", basic("erik"))).length, 1);
  await refused(status.PERMISSION_DENIED, "details", { loginName: "" }, basic("erik"));
  await refused(status.PERMISSION_DENIED, "details", { loginName: "admin" }, basic("erik"));
});

test("users service – groups and full name change, the password stays", async (t) => {
  await createUser(server, "fay", []);
  const client = clientAs(t, server, "fay");
  await assert.rejects(all(client.readAll({ maxCount: 1 })), AccessDeniedError);
  await done("update", { loginName: "fay", fullName: "Fay F.", groups: ["$admins"], password: "ignored" });
  assert.ok((await all(client.readAll({ maxCount: 1 }))).length > 0);
  assert.deepEqual((await details("fay"))[0]?.fullName, "Fay F.");
});

test("users service – a disabled user is locked out until enabled, at once", async () => {
  await createUser(server, "gus", []);
  const own = () => callUsers(server, "details", { loginName: "gus" }, basic("gus"));
  assert.equal((await own()).error, undefined);
  await done("disable", { loginName: "gus" });
  assert.equal((await own()).error?.code, status.UNAUTHENTICATED);
  assert.equal((await details("gus"))[0]?.disabled, true);
  await done("disable", { loginName: "gus" });
  await done("enable", { loginName: "gus" });
  assert.equal((await own()).error, undefined);
});

test("users service – a password is changed by its owner, and reset by an admin", async () => {
  await createUser(server, "hal", []);
  const opens = async (password: string) =>
    (await callUsers(server, "details", { loginName: "hal" }, basic("hal", password))).error === undefined;
  const change = { loginName: "hal", currentPassword: "changeit", newPassword: "second" };
  await refused(status.PERMISSION_DENIED, "changePassword", change, admin);
  const wrong = await refused(
    status.PERMISSION_DENIED,
    "changePassword",
    { ...change, currentPassword: "no" },
    basic("hal"),
  );
  assert.deepEqual(wrong.metadata.get("exception"), ["access-denied"]);
  await done("changePassword", change, basic("hal"));
  assert.deepEqual([await opens("changeit"), await opens("second")], [false, true]);
  await refused(
    status.PERMISSION_DENIED,
    "resetPassword",
    { loginName: "hal", newPassword: "x" },
    basic("hal", "second"),
  );
  await done("resetPassword", { loginName: "hal", newPassword: "third" });
  assert.deepEqual([await opens("second"), await opens("third")], [false, true]);
});

test("users service – a deleted user is gone, and can be made again", async () => {
  await createUser(server, "ida", ["$admins"]);
  await done("delete", { loginName: "ida" });
  await refused(status.UNAUTHENTICATED, "details", { loginName: "ida" }, basic("ida"));
  const missing = await refused(status.NOT_FOUND, "delete", { loginName: "ida" });
  assert.deepEqual(missing.metadata.get("exception"), ["user-not-found"]);
  assert.deepEqual(missing.metadata.get("login-name"), ["ida"]);
  await createUser(server, "ida", []);
  assert.deepEqual((await details("ida"))[0]?.groups, []);
});

test("users service – a login that is taken is a conflict, one that is not there is not found", async () => {
  const conflict = await refused(status.FAILED_PRECONDITION, "create", {
    loginName: "ops",
    password: "x",
    fullName: "",
  });
  assert.deepEqual(conflict.metadata.get("exception"), ["user-conflict"]);
  const nobody = { loginName: "nobody", password: "x", newPassword: "x", fullName: "", groups: [] };
  for (const method of ["update", "delete", "disable", "enable", "details", "resetPassword"]) {
    await refused(status.NOT_FOUND, method, nobody);
  }
});

test("users service – what could not log in or would pass for a group is refused", async () => {
  for (const loginName of ["", "$admins", "a:b", "x".repeat(300)]) {
    await refused(status.INVALID_ARGUMENT, "create", { loginName, password: "x", fullName: "", groups: [] });
  }
  await refused(status.INVALID_ARGUMENT, "create", { loginName: "jan", password: "", fullName: "", groups: [] });
});

test("users service – nobody but an admin manages users", async () => {
  await createUser(server, "kim", ["$ops"]);
  const options = { loginName: "kim", password: "x", newPassword: "x", fullName: "", groups: ["$admins"] };
  for (const authorization of [basic("kim"), basic("ops")]) {
    for (const method of ["create", "update", "delete", "disable", "enable", "resetPassword"]) {
      await refused(status.PERMISSION_DENIED, method, options, authorization);
    }
  }
  assert.deepEqual((await details("kim"))[0]?.groups, ["$ops"]);
});

test("users service – a server without security says that it has no users", async (t) => {
  const open = await startEmbedded({ memory: true, port: 0 });
  t.after(() => open.stop());
  for (const method of ["create", "details"]) {
    const { error } = await callUsers(open, method, { loginName: "ann" }, undefined);
    assert.equal(error?.code, status.UNIMPLEMENTED);
    assert.match(error!.details, /--tls/);
  }
});

test("users service – the messages are those of the official client", () => {
  const generated = createRequire(import.meta.url)("@eventstore/db-client/generated/users_pb.js");
  const options = new generated.CreateReq.Options();
  options.setLoginName("ann");
  options.setPassword("secret");
  options.setFullName("Ann");
  options.setGroupsList(["a", "b"]);
  const request = new generated.CreateReq();
  request.setOptions(options);
  assert.deepEqual(createUserReq.decode(request.serializeBinary()), {
    options: { loginName: "ann", password: "secret", fullName: "Ann", groups: ["a", "b"] },
  });
  const userDetails = {
    loginName: "ann",
    fullName: "Ann",
    groups: ["a"],
    disabled: true,
    lastUpdated: { ticksSinceEpoch: 17n },
  };
  assert.deepEqual(generated.DetailsResp.deserializeBinary(userDetailsResp.encode({ userDetails })).toObject(), {
    userDetails: {
      loginName: "ann",
      fullName: "Ann",
      groupsList: ["a"],
      disabled: true,
      lastUpdated: { ticksSinceEpoch: "17" },
    },
  });
});
