import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  connectionStringProblems,
  serversOf,
  splitConnectionString,
  withLogin,
  withOption,
} from "../../../src/connections/connection-string.ts";
import { connectionStringProblemText } from "../../../src/connections/connection-string-text.ts";

suite("connection string – what is taken out of it", () => {
  test("login and password, decoded as in a URL", () => {
    assert.deepEqual(splitConnectionString(" esdb://ad%40min:p%3Aw%25@host:1?tls=true "), {
      connectionString: "esdb://host:1?tls=true",
      login: "ad@min",
      password: "p:w%",
    });
  });

  test("a password that holds what separates elsewhere", () => {
    const { connectionString, login, password } = splitConnectionString("esdb://u:a:b@c/d@host?tlsCAFile=/x@y.pem");
    assert.deepEqual([connectionString, login, password], ["esdb://host?tlsCAFile=/x@y.pem", "u", "a:b@c/d"]);
  });

  test("nothing where there is nothing", () => {
    assert.deepEqual(splitConnectionString("esdb://host"), { connectionString: "esdb://host" });
    assert.deepEqual(splitConnectionString("esdb://u@host"), { connectionString: "esdb://host", login: "u" });
  });

  test("environment variables stay as they are written, there and back", () => {
    const split = splitConnectionString("esdb://${env:USER}:${env:PASS}@host");
    assert.deepEqual([split.login, split.password], ["${env:USER}", "${env:PASS}"]);
    assert.equal(withLogin(split.connectionString, split.login), "esdb://${env:USER}@host");
  });
});

suite("connection string – what is wrong with it", () => {
  for (const good of [
    "esdb://localhost:2113?tls=false",
    "esdb+discover://cluster.example.org",
    "kurrentdb://user:pass@a:1,b:2,[::1]:3/?tls=TRUE&nodePreference=follower&keep-alive-interval=-1",
    "esdb://${env:HOST}:${env:PORT}?tls=${env:TLS}",
    "KDB://h?usercertfile=a.crt&userkeyfile=a.key",
  ]) {
    test(`nothing: ${good}`, () => assert.deepEqual(connectionStringProblems(good), []));
  }

  /** The part in brackets is where the problem is. */
  for (const [marked, kind] of [
    ["[]", "empty"],
    ["[   ]", "empty"],
    ["[l]ocalhost:2113", "scheme"],
    ["[https://]host", "web-address"],
    ["[tcp://]host:1113", "tcp"],
    ["esdb://[]", "host"],
    ["esdb://[ho st:1]", "host"],
    ["esdb://a,[],b", "host"],
    ["esdb://a:1,[b:x]", "port"],
    ["esdb://[a:65536]", "port"],
    ["esdb://[]@host", "login"],
    ["esdb://[:secret]@host", "login"],
    ["esdb://[u:100%]@host", "escape"],
    ["esdb://u:pass[?]word@host", "question-mark"],
    ["esdb://h?[tls=yes]", "value"],
    ["esdb://h?[tlsCAFile=]", "value"],
    ["esdb://h?[gossipTimeout=soon]", "value"],
    ["esdb://h?tls=true&[userCertFile=x]", "half-certificate"],
    ["esdb://h?[tsl=false]", "unknown-option"],
    ["esdb://u:p@h?[tls=false]", "login-without-tls"],
    ["esdb://h?[tlsVerifyCert=false]", "certificate-not-verified"],
    ["esdb://h?connectionName=[${env:]", "unclosed-placeholder"],
  ] as const) {
    test(`${kind}: ${marked}`, () => {
      const from = marked.indexOf("[");
      const text = marked.replace(/\[([^\]]*)\](?!.*\])/, "$1");
      const to = from + (marked.lastIndexOf("]") - from - 1);
      const [problem] = connectionStringProblems(text);
      assert.deepEqual([problem?.kind, problem?.from, problem?.to], [kind, from, to]);
    });
  }

  test("no sentence repeats a password, however it is mistyped", () => {
    for (const text of [
      "https://u:hunter2@h",
      "esdb://u:hunter2?@h",
      "esdb://u:hunter2%@h",
      "esdb://u:1?hunter2@h",
      "esdb://u:x?hunter2=1@h",
      "u:hunter2@h",
      "esdb://:hunter2@h",
      "esdb://u:hunter2",
      "esdb://u:pw@h:hunter2",
    ]) {
      const problems = connectionStringProblems(text);
      assert.notEqual(problems.length, 0, text);
      for (const problem of problems) assert.doesNotMatch(connectionStringProblemText(problem), /hunter2/);
    }
  });
});

suite("connection string – its parts", () => {
  test("the servers, for people to read", () => {
    assert.equal(serversOf("esdb://a:1,b:2/?tls=true"), "a:1,b:2");
    assert.equal(serversOf("esdb://u:p@a:1"), "a:1");
  });

  test("an option is set once, whatever it was called before", () => {
    assert.equal(
      withOption("esdb://h?tls=true&tls-ca-file=old", "tlsCAFile", "/a b.pem"),
      "esdb://h?tls=true&tlsCAFile=%2Fa%20b.pem",
    );
    assert.equal(withOption("esdb://h", "tls", "false"), "esdb://h?tls=false");
  });
});
