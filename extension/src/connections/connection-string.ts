import { connectionStringParts, optionName, serversIn } from "@sluice/embedded/connection-string";
import type { TextRange } from "../documents/text-range.ts";

/** What an option takes: one of these words, a number, or any text. */
export type OptionValue = readonly string[] | "number" | "text";

/** What is wrong with a connection string, and where. Never holds a part that may be a password. */
export type ConnectionStringProblem = TextRange &
  (
    | { readonly severity: "error"; readonly kind: "empty" | "scheme" | "web-address" | "tcp" | "host" | "port" }
    | { readonly severity: "error"; readonly kind: "escape" | "question-mark" | "login" | "unclosed-placeholder" }
    | { readonly severity: "error"; readonly kind: "value"; readonly option: string; readonly takes: OptionValue }
    | { readonly severity: "error"; readonly kind: "half-certificate"; readonly missing: string }
    | { readonly severity: "warning"; readonly kind: "unknown-option"; readonly option: string }
    | { readonly severity: "warning"; readonly kind: "login-without-tls" | "certificate-not-verified" }
  );

/** A connection string, and what was taken out of it. */
export interface SplitConnectionString {
  readonly connectionString: string;
  readonly login?: string;
  readonly password?: string;
}

const PLACEHOLDER = /\$\{env:[A-Za-z_][A-Za-z0-9_]*\}/g;
/** The first colon separates them, but for that of an environment variable. */
const LOGIN_AND_PASSWORD = /^((?:\$\{env:|[^:])*)(?::(.*))?$/s;
const BOOLEANS = ["true", "false"];
const NUMBER = /^-?\d+$/;

/** By their names as {@link optionName} makes them. */
const OPTIONS: ReadonlyMap<string, OptionValue> = new Map<string, OptionValue>([
  ["tls", BOOLEANS],
  ["tlsverifycert", BOOLEANS],
  ["tlscafile", "text"],
  ["connectionname", "text"],
  ["maxdiscoverattempts", "number"],
  ["discoveryinterval", "number"],
  ["gossiptimeout", "number"],
  ["nodepreference", ["leader", "follower", "readonlyreplica", "random"]],
  ["throwonappendfailure", BOOLEANS],
  ["keepaliveinterval", "number"],
  ["keepalivetimeout", "number"],
  ["defaultdeadline", "number"],
  ["usercertfile", "text"],
  ["userkeyfile", "text"],
]);

/**
 * Takes login and password out of a connection string, so that the rest can be shown, kept and shared. What stands there
 * is decoded as in a URL; a `${env:NAME}` stays as it is.
 */
export function splitConnectionString(text: string): SplitConnectionString {
  const { scheme, credentials, rest } = withoutLogin(text.trim());
  if (credentials === undefined) return { connectionString: scheme + rest };
  const [, login = "", password] = LOGIN_AND_PASSWORD.exec(credentials) ?? [];
  return {
    connectionString: scheme + rest,
    ...(login === "" ? {} : { login: decoded(login) }),
    ...(password === undefined || password === "" ? {} : { password: decoded(password) }),
  };
}

/** All that is wrong with a connection string, in the order in which it stands there. Empty for a good one. */
export function connectionStringProblems(original: string): readonly ConnectionStringProblem[] {
  const text = original.trimEnd();
  if (text.trim() === "") return [{ severity: "error", kind: "empty", from: 0, to: original.length }];
  const { scheme, credentials, authority, query = "" } = connectionStringParts(text);
  if (scheme === "") return [schemeProblem(text)];
  const problems: ConnectionStringProblem[] = [];
  const unclosed = text.replaceAll(PLACEHOLDER, (found) => " ".repeat(found.length)).indexOf("${");
  if (unclosed >= 0) {
    problems.push({ severity: "error", kind: "unclosed-placeholder", from: unclosed, to: text.length });
  }
  if (credentials !== undefined) problems.push(...credentialProblems(credentials, scheme.length));
  const authorityFrom = scheme.length + (credentials === undefined ? 0 : credentials.length + 1);
  const queryFrom = authorityFrom + authority.length + 1;
  const found = [
    ...authorityProblems(authority, authorityFrom),
    ...queryProblems(query, queryFrom, credentials !== undefined),
  ];
  // What looks like a host or an option may be a piece of a password, and must not be repeated.
  const isCutShort = query.includes("@") && found.some(({ kind }) => /^(?:host|port|unknown-option)$/.test(kind));
  if (isCutShort) {
    return [...problems, { severity: "error", kind: "question-mark", from: queryFrom - 1, to: queryFrom }];
  }
  return [...problems, ...found];
}

/** The servers that a connection string names, as `host:port`, for people to read. */
export function serversOf(connectionString: string): string {
  return serversIn(connectionStringParts(connectionString).authority).join(",");
}

/** The connection string with a login in it, encoded as in a URL; as it was without one. */
export function withLogin(connectionString: string, login: string | undefined): string {
  if (login === undefined) return connectionString;
  const { scheme, rest } = withoutLogin(connectionString);
  const encoded = encodeURIComponent(login).replaceAll(/%24%7Benv%3A(\w+)%7D/g, "${env:$1}");
  return `${scheme}${encoded}@${rest}`;
}

/** The connection string with an option set, replacing it where it was. */
export function withOption(connectionString: string, name: string, value: string): string {
  const [address = "", query = ""] = connectionString.split(/\?(.*)/s);
  const isOther = (pair: string): boolean => optionName(pair.split("=", 1)[0] ?? "") !== optionName(name);
  const kept = query.split("&").filter((pair) => pair !== "" && isOther(pair));
  return `${address}?${[...kept, `${name}=${encodeURIComponent(value)}`].join("&")}`;
}

function withoutLogin(text: string) {
  const { scheme, credentials, authority, query } = connectionStringParts(text);
  return { scheme, credentials, rest: query === undefined ? authority : `${authority}?${query}` };
}

function schemeProblem(text: string): ConnectionStringProblem {
  const scheme = /^\s*([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  const kind = /^https?$/i.test(scheme?.[1] ?? "")
    ? "web-address"
    : /^tcp$/i.test(scheme?.[1] ?? "")
      ? "tcp"
      : "scheme";
  return { severity: "error", kind, from: 0, to: scheme?.[0].length ?? Math.min(text.length, 1) };
}

function credentialProblems(credentials: string, from: number): readonly ConnectionStringProblem[] {
  const to = from + credentials.length;
  if (credentials === "" || credentials.startsWith(":")) return [{ severity: "error", kind: "login", from, to }];
  return isDecodable(credentials) ? [] : [{ severity: "error", kind: "escape", from, to }];
}

function authorityProblems(authority: string, from: number): readonly ConnectionStringProblem[] {
  const problems: ConnectionStringProblem[] = [];
  let start = from;
  for (const server of serversIn(authority)) {
    const kind = serverProblem(server);
    if (kind !== undefined) problems.push({ severity: "error", kind, from: start, to: start + server.length });
    start += server.length + 1;
  }
  return problems;
}

function serverProblem(server: string): "host" | "port" | undefined {
  const plain = server.replaceAll(PLACEHOLDER, "1");
  const [, host, port] = /^(\[[^\]]+\]|[^:[\]]*)(?::(.*))?$/.exec(plain) ?? [];
  if (host === undefined || !/^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/i.test(host)) return "host";
  return port === undefined || (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) ? undefined : "port";
}

function queryProblems(query: string, from: number, hasLogin: boolean): readonly ConnectionStringProblem[] {
  const problems: ConnectionStringProblem[] = [];
  const given = new Map<string, TextRange & { readonly value: string }>();
  let start = from;
  for (const pair of query.split("&")) {
    const place = { from: start, to: start + pair.length };
    start = place.to + 1;
    if (pair === "") continue;
    const [option = "", value = ""] = pair.split(/=(.*)/s);
    given.set(optionName(option), { ...place, value: value.toLowerCase() });
    const problem = optionProblem(option, value, place);
    if (problem !== undefined) problems.push(problem);
  }
  for (const [one, other] of [
    ["usercertfile", "userKeyFile"],
    ["userkeyfile", "userCertFile"],
  ] as const) {
    const place = given.get(one);
    if (place !== undefined && !given.has(optionName(other))) {
      const { from, to } = place;
      problems.push({ severity: "error", kind: "half-certificate", missing: other, from, to });
    }
  }
  const tls = given.get("tls");
  if (hasLogin && tls?.value === "false") {
    problems.push({ severity: "warning", kind: "login-without-tls", from: tls.from, to: tls.to });
  }
  const verify = given.get("tlsverifycert");
  if (verify?.value === "false") {
    problems.push({ severity: "warning", kind: "certificate-not-verified", from: verify.from, to: verify.to });
  }
  return problems;
}

function optionProblem(option: string, value: string, place: TextRange): ConnectionStringProblem | undefined {
  const takes = OPTIONS.get(optionName(option));
  if (takes === undefined) return { severity: "warning", kind: "unknown-option", option, ...place };
  if (!isDecodable(value)) return { severity: "error", kind: "escape", ...place };
  if (value !== "" && value.replaceAll(PLACEHOLDER, "") === "") return undefined;
  const isGood =
    takes === "text" ? value !== "" : takes === "number" ? NUMBER.test(value) : takes.includes(value.toLowerCase());
  return isGood ? undefined : { severity: "error", kind: "value", option, takes, ...place };
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

const decoded = (text: string): string => (isDecodable(text) ? decodeURIComponent(text) : text);
