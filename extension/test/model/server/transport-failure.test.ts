import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { startEmbedded } from "@sluice/embedded";
import {
  AccessDeniedError,
  CertificateNotTrustedError,
  ConnectionStringError,
  ServerUnreachableError,
} from "../../../src/event-store/errors.ts";
import { openServer } from "../../../src/server/open-server.ts";

suite("what the transport fails with, in the extension's words", () => {
  test("nobody answers", async (t) => {
    const server = await openServer("esdb://127.0.0.1:9?tls=false", undefined);
    t.after(() => server.close());
    await assert.rejects(server.reader.observe([]), (error) => {
      assert.ok(error instanceof ServerUnreachableError);
      assert.equal(
        error.message,
        "No server answers at 127.0.0.1:9: connect ECONNREFUSED 127.0.0.1:9. Start it, or correct the connection.",
      );
      return true;
    });
  });

  test("a certificate that is not known here, a login that is refused, and none", async (t) => {
    const { connectionString, stop } = await startEmbedded({ memory: true, port: 0, tls: true });
    t.after(() => stop());
    const open = async (...given: Parameters<typeof openServer>) => {
      const server = await openServer(...given);
      t.after(() => server.close());
      return server.reader.observe(["sales"]);
    };
    const admin = { login: "admin", password: "changeit" };
    const unknown = connectionString.replace(/\?.*/, "?tls=true");
    await assert.rejects(open(unknown, admin), CertificateNotTrustedError);
    await assert.rejects(
      open(connectionString, { login: "admin", password: "wrong" }),
      (error) => error instanceof AccessDeniedError && !error.message.includes("wrong"),
    );
    assert.equal((await open(connectionString, admin)).seesGroups, true);
  });

  test("a connection string that cannot be used, without what may be a password", async () => {
    await assert.rejects(
      openServer("esdb://a:1?tls", { login: "ann", password: "p4ssword" }),
      (error) => error instanceof ConnectionStringError && !error.message.includes("p4ssword"),
    );
  });
});
