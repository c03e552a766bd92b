import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConnectionString } from "../../src/client/connection-string.ts";
import { ConnectionStringError } from "../../src/client/connection-errors.ts";
import { connectionStringParts, optionName } from "../../src/connection-string.ts";

const plain = {
  addresses: [{ host: "host", port: 2113 }],
  isDiscovered: false,
  tls: true,
  verifiesCertificate: true,
  authorityFile: undefined,
  certificateFile: undefined,
  keyFile: undefined,
  credentials: undefined,
};

test("connection strings – say what they say to the official clients", () => {
  const one = (host: string, port: number) => ({ addresses: [{ host, port }] });
  for (const [text, differs] of [
    ["esdb://host", {}],
    ["kurrentdb://host/", {}],
    ["KDB://host:99?tls=false", { ...one("host", 99), tls: false }],
    ["kurrent://host/?TLS=False", { tls: false }],
    ["esdb://[::1]:99", one("::1", 99)],
    ["esdb+discover://host", { isDiscovered: true }],
    [
      "esdb://a:1,b",
      {
        isDiscovered: true,
        addresses: [
          { host: "a", port: 1 },
          { host: "b", port: 2113 },
        ],
      },
    ],
    ["esdb://me:p%40ss:w%3Frd@host", { credentials: { login: "me", password: "p@ss:w?rd" } }],
    ["esdb://host?tls-verify-cert=false&tlsCAFile=ca.crt", { verifiesCertificate: false, authorityFile: "ca.crt" }],
    ["esdb://host?userCertFile=a.crt&user_key_file=a.key", { certificateFile: "a.crt", keyFile: "a.key" }],
    ["esdb://host?unknown=1&keepAliveInterval=5", {}],
  ] as const) {
    assert.deepEqual(parseConnectionString(text), { ...plain, ...differs }, text);
  }
});

test("connection strings – are refused without repeating the password that may be in them", () => {
  for (const text of [
    "",
    "http://me:secret@host",
    "esdb://",
    "esdb://me:%E0%A4@host",
    "esdb://me:se?cret@host",
    "esdb://host:65536",
    "esdb://me:secret@host:port",
  ]) {
    assert.throws(
      () => parseConnectionString(text),
      (error) =>
        error instanceof ConnectionStringError &&
        !/secret|cret@/.test(error.message) &&
        /Write it like esdb:/.test(error.message),
      text,
    );
  }
});

test("connection strings – taken apart, they are the same text again, and no part of a login stands elsewhere", () => {
  for (const scheme of ["", "esdb://", "KurrentDB+discover://"]) {
    for (const credentials of [undefined, "", "ann", "ann@home:p@/ss:word"]) {
      for (const authority of ["", "a", "a:1,[::1]:2/"]) {
        for (const query of [undefined, "", "tls=false&tlsCAFile=/a@b?c"]) {
          const text = `${scheme}${credentials === undefined ? "" : `${credentials}@`}${authority}${query === undefined ? "" : `?${query}`}`;
          const isDiscovered = scheme.includes("+");
          assert.deepEqual(connectionStringParts(text), { scheme, isDiscovered, credentials, authority, query });
        }
      }
    }
  }
  assert.equal(optionName(" Tls-Verify_Cert"), "tlsverifycert");
});
