import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Connection } from "../../../src/connections/connection.ts";
import { connectionFileText, parseConnectionFile } from "../../../src/connections/connection-file.ts";
import { lineAt } from "../../../src/documents/line-at.ts";

/** A file with one connection. */
const fileWith = (properties: string): string => `{ "connections": [{ ${properties} }] }`;
/** What each problem stands at, with its severity. */
const found = (text: string): readonly string[] =>
  parseConnectionFile(text).problems.map(({ from, to, severity }) => `${severity}: ${text.slice(from, to)}`);

suite("file of connections – what it declares", () => {
  test("is read with comments and trailing commas, and without what others write there", () => {
    const { connections, problems } = parseConnectionFile(`{
      "$schema": "x",
      // ours
      "connections": [
        { "name": " staging ", "connectionString": "esdb://\${env:HOST}:2113", "login": "\${env:USER}",
          "password": "\${env:PASS}", "policy": "read-only", "color": "red", },
        { "name": "local", "connectionString": "esdb://u:\${env:P}@localhost?tls=true" },
      ],
    }`);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      connections.map(({ place: _place, ...one }) => one),
      [
        {
          name: "staging",
          connectionString: "esdb://${env:HOST}:2113",
          login: "${env:USER}",
          password: "${env:PASS}",
          policy: "read-only",
          color: "red",
        },
        {
          name: "local",
          connectionString: "esdb://localhost?tls=true",
          login: "u",
          password: "${env:P}",
          policy: "confirm",
          color: undefined,
        },
      ],
    );
  });

  test("a color under its former name is read", () => {
    const text = fileWith('"name": "a", "connectionString": "esdb://h", "colour": "red"');
    const { connections, problems } = parseConnectionFile(text);
    assert.deepEqual([connections[0]?.color, problems], ["red", []]);
  });

  test("says where each stands", () => {
    const text = fileWith('"name": "a", "connectionString": "esdb://h"');
    const [connection] = parseConnectionFile(text).connections;
    assert.equal(text.slice(connection!.place.from, connection!.place.to), text.slice(18, -3));
  });

  test("what is exported is read again, without a password anywhere", () => {
    const one: Connection = {
      id: "1",
      name: "a",
      connectionString: "esdb://h",
      login: "admin",
      policy: "confirm",
      color: "blue",
      origin: "user",
    };
    const { connections, problems } = parseConnectionFile(connectionFileText([one]));
    assert.deepEqual(problems, []);
    const [{ place: _place, password, ...draft } = assert.fail()] = connections;
    assert.deepEqual([{ ...draft, id: "1", origin: "user" }, password], [one, undefined]);
  });
});

suite("file of connections – what is wrong with it", () => {
  for (const [text, ...places] of [
    ["{", "error: {"],
    ["[]", "error: []"],
    ["{}", "error: {}"],
    ['{ "connections": {} }', "error: {}"],
    ['{ "connections": [17] }', "error: 17"],
    [fileWith('"name": "a"'), 'error: { "name": "a" }'],
    [fileWith('"name": "", "connectionString": "esdb://h"'), 'error: ""'],
    [
      fileWith('"name": 1, "connectionString": "esdb://h"'),
      "error: 1",
      'error: { "name": 1, "connectionString": "esdb://h" }',
    ],
    [fileWith('"name": "a", "connectionString": "esdb://h:x"'), "error: h:x"],
    [fileWith('"name": "a", "connectionString": "esdb://h?tsl=true"'), "warning: tsl=true"],
    [fileWith('"name": "a", "connectionString": "esdb:\\/\\/h:x"'), 'error: "esdb:\\/\\/h:x"'],
    [fileWith('"name": "a", "connectionString": "esdb://h", "policy": "write"'), 'error: "write"'],
    [fileWith('"name": "a", "connectionString": "esdb://h", "color": "pink"'), 'error: "pink"'],
    [fileWith('"name": "a", "connectionString": "esdb://h", "tint": "red"'), 'warning: "tint"'],
  ] as const) {
    test(text, () => assert.deepEqual(found(text), places));
  }

  test("two of one name: the first one counts", () => {
    const one = '{ "name": "a", "connectionString": "esdb://h" }';
    const text = `{ "connections": [${one}, ${one.replace('"a"', '"A"')}] }`;
    assert.deepEqual(found(text), ['error: "A"']);
    assert.equal(parseConnectionFile(text).connections.length, 1);
  });

  test("a policy that nobody knows lets nobody write", () => {
    const text = fileWith('"name": "a", "connectionString": "esdb://h", "policy": "write"');
    assert.equal(parseConnectionFile(text).connections[0]?.policy, "read-only");
  });

  for (const text of [
    fileWith('"name": "a", "connectionString": "esdb://u:hunter2@h"'),
    fileWith('"name": "a", "connectionString": "esdb://h", "login": "u", "password": "hunter2"'),
  ]) {
    test(`a password in it is not taken, and not repeated: ${text}`, () => {
      const { connections, problems } = parseConnectionFile(text);
      assert.equal(problems.length, 1);
      assert.doesNotMatch(problems[0]!.text + JSON.stringify(connections), /hunter2/);
      assert.deepEqual([connections[0]?.login, connections[0]?.password], ["u", undefined]);
    });
  }
});

suite("a place in a text", () => {
  for (const [text, offset, line, character] of [
    ["", 0, 0, 0],
    ["ab\ncd", 4, 1, 1],
    ["ab\r\ncd", 4, 1, 0],
    ["ab\rcd", 3, 1, 0],
  ] as const) {
    test(`${JSON.stringify(text)} at ${offset}`, () => assert.deepEqual(lineAt(text, offset), { line, character }));
  }
});
