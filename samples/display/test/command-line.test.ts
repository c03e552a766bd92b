import assert from "node:assert/strict";
import { test } from "node:test";
import { commandLine, SERVER_OPTIONS, serverChoiceOf, UsageError } from "@sluice/sample-display";

const chosen = (typed: string) =>
  serverChoiceOf(commandLine(typed.split(" ").filter(Boolean), SERVER_OPTIONS), "/here");

test("command line – a server in memory unless something else is asked for", () => {
  assert.deepEqual(chosen(""), { memory: true, port: 0 });
  assert.deepEqual(chosen("--port 2113 --data d"), { data: "/here/d", port: 2113 });
  assert.deepEqual(chosen("--connection esdb://h:1"), { connectionString: "esdb://h:1" });
  assert.deepEqual(serverChoiceOf({}, "/here", "/default"), { data: "/default", port: 0 });
});

for (const typed of ["--port many", "--data=", "--connection esdb://h --port 1", "--unknown", "word"]) {
  test(`command line – ${typed} is refused in one sentence`, () => {
    assert.throws(
      () => chosen(typed),
      (error: unknown) => error instanceof UsageError && !error.message.includes("\n"),
    );
  });
}
