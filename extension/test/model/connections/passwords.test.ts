import assert from "node:assert/strict";
import { test } from "node:test";
import { Passwords } from "../../../src/connections/passwords.ts";
import { memorySecrets } from "./memory-secrets.ts";

test("passwords – that of a connection out of a file is for where the file leads, and asked for again where it leads elsewhere", async () => {
  const secrets = new Map<string, string>();
  const passwords = new Passwords(memorySecrets(secrets));
  const staging = { id: "file#staging", origin: "workspace", connectionString: "esdb://staging:2113" } as const;
  const elsewhere = { ...staging, connectionString: "esdb://elsewhere:2113" };
  await passwords.set(staging, "hunter2");
  assert.deepEqual([await passwords.get(staging), await passwords.get(elsewhere)], ["hunter2", undefined]);
  await passwords.set(elsewhere, "other");
  assert.deepEqual([await passwords.get(staging), await passwords.get(elsewhere)], [undefined, "other"]);
  await passwords.forget(staging);
  assert.equal(secrets.size, 0);
  // What the user edits leads where they want it to.
  const own = { id: "a", origin: "user", connectionString: "esdb://one" } as const;
  await passwords.set(own, "hunter2");
  assert.equal(await passwords.get({ ...own, connectionString: "esdb://two" }), "hunter2");
});
