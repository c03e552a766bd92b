import type { ObjectNode } from "@humanwhocodes/momoa";
import * as l10n from "@vscode/l10n";
import type { Connection } from "./connection.ts";
import { COLORS, type ConnectionDraft, nameProblem, POLICIES } from "./connection-list.ts";
import type { TextRange } from "../documents/text-range.ts";
import { connectionStringProblems, splitConnectionString } from "./connection-string.ts";
import { connectionStringProblemText } from "./connection-string-text.ts";
import { isPlaceholder } from "./environment.ts";
import {
  documentRoot,
  type DocumentProblem,
  nameOf,
  placeOf,
  type Report,
  reporting,
} from "../documents/json-document.ts";

/** A connection as a file declares it. */
export interface FileConnection extends ConnectionDraft {
  /** A `${env:NAME}`: a password itself is not taken from a file. */
  readonly password?: string | undefined;
  readonly place: TextRange;
}

export interface ConnectionFile {
  /** Those that can be used. */
  readonly connections: readonly FileConnection[];
  readonly problems: readonly DocumentProblem[];
}

const KEYS = ["name", "connectionString", "login", "password", "policy", "color"] as const;
type Key = (typeof KEYS)[number];
/** What older files call it. */
const FORMER_KEYS: ReadonlyMap<string, Key> = new Map([["colour", "color"]]);

/** The connections as a file that can be shared: with logins, without passwords. */
export function connectionFileText(connections: readonly Connection[]): string {
  const declared = connections.map(({ name, connectionString, login, policy, color }) => ({
    name,
    connectionString,
    login,
    policy,
    color,
  }));
  return `${JSON.stringify({ connections: declared }, undefined, 2)}\n`;
}

/** Reads what `.vscode/sluice.json` and an exported file hold: JSON with comments. */
export function parseConnectionFile(text: string): ConnectionFile {
  const { problems, report } = reporting();
  const connections: FileConnection[] = [];
  for (const entry of entriesOf(text, report)) {
    const connection = connectionOf(entry, connections, report);
    if (connection !== undefined) connections.push(connection);
  }
  return { connections, problems };
}

function entriesOf(text: string, report: Report): readonly ObjectNode[] {
  const root = documentRoot(text, report);
  if (root === undefined) return [];
  if (root.type !== "Object") {
    report(placeOf(root), l10n.t('Write an object with "connections" in it.'));
    return [];
  }
  const list = root.members.find((member) => nameOf(member) === "connections")?.value;
  if (list?.type !== "Array") {
    report(placeOf(list ?? root), l10n.t('"connections" has to be a list of connections.'));
    return [];
  }
  return list.elements.flatMap(({ value }) => {
    if (value.type === "Object") return [value];
    report(placeOf(value), l10n.t('Write a connection as an object with "name" and "connectionString".'));
    return [];
  });
}

function connectionOf(
  entry: ObjectNode,
  others: readonly FileConnection[],
  report: Report,
): FileConnection | undefined {
  const given = textsOf(entry, report);
  const name = given.get("name");
  const address = given.get("connectionString");
  for (const [key, value] of [
    ["name", name],
    ["connectionString", address],
  ] as const) {
    if (value === undefined) report(placeOf(entry), l10n.t('"{0}" is missing.', key));
  }
  if (name === undefined || address === undefined) return undefined;
  const problem = nameProblem(name.text, others);
  if (problem === "empty") report(name, l10n.t("Enter a name."));
  if (problem === "taken") {
    report(name, l10n.t("There is a connection of this name. Choose another name."));
  }
  if (problem !== undefined || !isUsable(address, report)) return undefined;
  const split = splitConnectionString(address.text);
  const login = given.get("login");
  const password = given.get("password");
  return {
    name: name.text.trim(),
    connectionString: split.connectionString,
    login: login?.text ?? split.login,
    password: shareable(password?.text, password, report) ?? shareable(split.password, address, report),
    // What nobody has decided, or nobody can read, is not for writing without a question.
    policy: oneOf(POLICIES, given.get("policy"), "policy", report) ?? (given.has("policy") ? "read-only" : "confirm"),
    color: oneOf(COLORS, given.get("color"), "color", report),
    place: placeOf(entry),
  };
}

interface Text extends TextRange {
  readonly text: string;
}

function textsOf(entry: ObjectNode, report: Report): ReadonlyMap<Key, Text> {
  const texts = new Map<Key, Text>();
  for (const member of entry.members) {
    const name = nameOf(member);
    const key = FORMER_KEYS.get(name) ?? KEYS.find((one) => one === name);
    if (key === undefined) {
      report(
        placeOf(member.name),
        l10n.t("A connection has no such property. It has: {0}.", KEYS.join(", ")),
        "warning",
      );
    } else if (member.value.type === "String") {
      texts.set(key, { text: member.value.value, ...placeOf(member.value) });
    } else {
      report(placeOf(member.value), l10n.t('"{0}" has to be a text.', key));
    }
  }
  return texts;
}

/** Reports at the part of the text that is wrong; one with escapes in it is shorter than what stands in the file. */
function isUsable({ text, from, to }: Text, report: Report): boolean {
  const isAsWritten = text.length === to - from - 2;
  const problems = connectionStringProblems(text);
  for (const problem of problems) {
    const place = isAsWritten ? { from: from + 1 + problem.from, to: from + 1 + problem.to } : { from, to };
    report(place, connectionStringProblemText(problem), problem.severity);
  }
  return !problems.some(({ severity }) => severity === "error");
}

function shareable(password: string | undefined, place: TextRange | undefined, report: Report): string | undefined {
  if (password === undefined || place === undefined || isPlaceholder(password)) return password;
  report(
    place,
    l10n.t(
      "A password does not belong in a file that others read. Write ${env:NAME} in its place, or leave it out and enter it in VS Code.",
    ),
  );
  return undefined;
}

function oneOf<T extends string>(
  known: readonly T[],
  given: Text | undefined,
  key: Key,
  report: Report,
): T | undefined {
  const found = known.find((one) => one === given?.text);
  if (given !== undefined && found === undefined) {
    report(given, l10n.t('"{0}" is one of {1}.', key, known.join(", ")));
  }
  return found;
}
