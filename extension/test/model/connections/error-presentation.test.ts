import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Connection } from "../../../src/connections/connection.ts";
import {
  ConnectionGoneError,
  NotOfferedHereError,
  PasswordMissingError,
  WriteCanceledError,
  WriteRefusedError,
} from "../../../src/connections/connection-errors.ts";
import { EnvironmentVariableMissingError } from "../../../src/connections/environment.ts";
import { presentError } from "../../../src/connections/error-presentation.ts";
import {
  ConnectionClosedError,
  AccessDeniedError,
  CertificateNotTrustedError,
  ConnectionStringError,
  LoginRefusedError,
  ServerUnreachableError,
} from "../../../src/event-store/errors.ts";
import manifest from "../../../package.json" with { type: "json" };

const user: Connection = {
  id: "1",
  name: "a",
  connectionString: "esdb://h",
  login: "admin",
  policy: "read-only",
  origin: "user",
};
const workspace: Connection = { ...user, origin: "workspace" };
const embedded: Connection = { ...user, origin: "embedded" };

suite("an error, as it is shown", () => {
  for (const [what, error, connection, ...commands] of [
    ["a wrong connection string", new ConnectionStringError("x"), user, "editConnection"],
    [
      "a wrong connection string of the workspace",
      new ConnectionStringError("x"),
      workspace,
      "openWorkspaceConnections",
    ],
    ["no server", new ServerUnreachableError("x"), user, "connect", "editConnection", "embedded.start"],
    ["no embedded server", new ServerUnreachableError("x"), embedded, "embedded.start", "connect"],
    ["a strange certificate", new CertificateNotTrustedError("x"), user, "chooseAuthorityFile", "editConnection"],
    [
      "a strange certificate of the workspace",
      new CertificateNotTrustedError("x"),
      workspace,
      "openWorkspaceConnections",
    ],
    ["a wrong password", new LoginRefusedError("x"), user, "setPassword", "editConnection"],
    ["a login that is missing", new LoginRefusedError("x"), { ...user, login: undefined }, "editConnection"],
    ["a password that is missing", new PasswordMissingError("admin"), user, "setPassword"],
    ["a variable that is missing", new EnvironmentVariableMissingError("X"), user, "editConnection"],
    ["a write through a read-only connection", new WriteRefusedError("a", "Append"), user, "setPolicy"],
    ["the same of the workspace", new WriteRefusedError("a", "Append"), workspace, "openWorkspaceConnections"],
    ["a connection that is closed", new ConnectionClosedError(), user, "connect"],
    ["a connection that is gone", new ConnectionGoneError("1"), undefined, "chooseConnection"],
    [
      "an embedded server that is gone",
      new ConnectionGoneError("embedded"),
      undefined,
      "embedded.start",
      "chooseConnection",
    ],
    ["a browser", new NotOfferedHereError(), user],
    ["rights that are missing", new AccessDeniedError("x"), user],
    ["something else", "x", user],
  ] as const) {
    test(`${what}: ${commands.join(", ") || "nothing to press"}`, () => {
      const { sentence, actions, isSilent } = presentError(error, connection);
      assert.deepEqual(
        actions.map(({ command }) => command.replace(/^sluice\./, "")),
        commands,
      );
      assert.ok(sentence !== "" && !isSilent);
      const known = new Set(manifest.contributes.commands.map(({ command }) => command));
      for (const { command, title } of actions) assert.ok(known.has(command) && title !== "", command);
    });
  }

  test("what the user has canceled is not shown", () => {
    assert.deepEqual(presentError(new WriteCanceledError("Append"), user).isSilent, true);
  });
});
