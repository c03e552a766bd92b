import assert from "node:assert/strict";
import { test } from "node:test";
import { hashPassword, verifyPassword } from "../../src/security/password.ts";

test("password – the right one is recognized, any other is not", async () => {
  const kept = await hashPassword("changeit");
  assert.equal(await verifyPassword("changeit", kept), true);
  for (const wrong of ["", "changei", "changeit ", "Changeit"]) assert.equal(await verifyPassword(wrong, kept), false);
});

test("password – what is kept does not hold it, and differs each time", async () => {
  const [one, other] = await Promise.all([hashPassword("changeit"), hashPassword("changeit")]);
  assert.notDeepEqual(one, other);
  assert.ok(!JSON.stringify(one).includes("changeit"));
});

test("password – it is the same however its letters were composed", async () => {
  assert.equal(await verifyPassword("pa\u0308ss", await hashPassword("p\u00e4ss")), true);
});

test("password – what EventStoreDB itself keeps is understood", async () => {
  // PBKDF2 (SHA-1, 1000 rounds, 20 bytes) of "changeit".
  const kept = { salt: "AAECAwQFBgcICQoLDA0ODw==", hash: "ESjecbuhkU3H6HH3/Q/sDBotvTI=" };
  assert.equal(await verifyPassword("changeit", kept), true);
  assert.equal(await verifyPassword("changeme", kept), false);
});

test("password – nothing fits a broken hash", async () => {
  for (const hash of ["", "scrypt:", "scrypt:AAAA", "AAAA", "?"]) {
    assert.equal(await verifyPassword("", { hash, salt: "" }), false, hash);
  }
});
