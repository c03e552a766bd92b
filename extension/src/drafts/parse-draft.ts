import type { ObjectNode, ValueNode } from "@humanwhocodes/momoa";
import * as l10n from "@vscode/l10n";
import type { Connection } from "../connections/connection.ts";
import {
  documentRoot,
  type DocumentProblem,
  nameOf,
  placeOf,
  type Report,
  reporting,
} from "../documents/json-document.ts";
import type { ExpectedRevision } from "../event-store/event-store.ts";
import { isJsonText } from "../events/json/is-json.ts";
import { tokensOf } from "../events/json/tokens.ts";
import { integer64 } from "../events/place.ts";
import { DRAFT_KEYS, type EventDraft } from "./event-draft.ts";

type Key = (typeof DRAFT_KEYS)[number];

export interface ParsedDraft {
  /** Undefined where something is wrong. */
  readonly draft: EventDraft | undefined;
  readonly problems: readonly DocumentProblem[];
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Reads a draft, and says what is wrong with it and where. @param connections those that it may name */
export function parseDraft(text: string, connections: readonly Connection[]): ParsedDraft {
  const { problems, report } = reporting();
  const root = documentRoot(text, report);
  if (root !== undefined && root.type !== "Object") {
    report(placeOf(root), l10n.t("Write an object that has: {0}.", DRAFT_KEYS.join(", ")));
  }
  const draft = root?.type === "Object" ? draftOf(text, root, connections, report) : undefined;
  return { draft: problems.some(({ severity }) => severity === "error") ? undefined : draft, problems };
}

function draftOf(
  text: string,
  root: ObjectNode,
  connections: readonly Connection[],
  report: Report,
): EventDraft | undefined {
  const values = valuesOf(root, report);
  const required = <T>(key: Key, read: (value: ValueNode) => T | undefined): T | undefined => {
    const value = values.get(key);
    if (value === undefined) report(placeOf(root), l10n.t('"{0}" is missing.', key));
    return value && read(value);
  };
  const connectionId = required("connection", (value) => connectionOf(value, connections, report));
  const stream = required("stream", (value) => streamOf(value, report));
  const expected = required("expectedRevision", (value) => expectedOf(text, value, report));
  const type = required("type", (value) => textOf(value, l10n.t("Enter the event's type."), report));
  const data = required("data", (value) => bodyOf(text, value, report));
  const id = required("id", (value) => idOf(value, report));
  const metadata = metadataOf(text, values.get("metadata"), report);
  if (connectionId === undefined || stream === undefined || expected === undefined) return undefined;
  if (type === undefined || data === undefined || id === undefined || metadata === undefined) return undefined;
  const encoder = new TextEncoder();
  const event = { id, type, isJson: true, data: encoder.encode(data), metadata: encoder.encode(metadata) };
  return { connectionId, stream, expected, event };
}

function valuesOf(root: ObjectNode, report: Report): ReadonlyMap<Key, ValueNode> {
  const values = new Map<Key, ValueNode>();
  for (const member of root.members) {
    const key = DRAFT_KEYS.find((one) => one === nameOf(member));
    if (key === undefined) {
      report(placeOf(member.name), l10n.t("An event has no such property. It has: {0}.", DRAFT_KEYS.join(", ")));
    } else if (values.has(key)) {
      report(placeOf(member.name), l10n.t('"{0}" stands here a second time.', key));
    } else {
      values.set(key, member.value);
    }
  }
  return values;
}

/** The text of a value; undefined, and reported as the sentence says, for one that is none or blank. */
function textOf(value: ValueNode, sentence: string, report: Report): string | undefined {
  if (value.type === "String" && value.value.trim() !== "") return value.value;
  report(placeOf(value), sentence);
  return undefined;
}

function connectionOf(value: ValueNode, connections: readonly Connection[], report: Report): string | undefined {
  const name = textOf(value, l10n.t("Enter the name of a connection."), report);
  if (name === undefined) return undefined;
  const [connection, another] = connections.filter((one) => one.name === name);
  if (connection === undefined) {
    const names = connections.map((one) => one.name).join(", ");
    report(placeOf(value), l10n.t("There is no connection of this name. There are: {0}.", names));
  } else if (another !== undefined) {
    report(placeOf(value), l10n.t("There are several connections of this name. Rename one of them."));
  } else if (connection.policy === "read-only") {
    // Said here, refused where policies are enforced.
    report(placeOf(value), l10n.t("Nothing is written through this connection: it is read-only."), "warning");
  }
  return connection?.id;
}

function streamOf(value: ValueNode, report: Report): string | undefined {
  const stream = textOf(value, l10n.t("Enter the name of the stream."), report);
  if (stream !== "$all") return stream;
  report(placeOf(value), l10n.t("Events are appended to a stream, not to the log of all of them."));
  return undefined;
}

function expectedOf(text: string, value: ValueNode, report: Report): ExpectedRevision | undefined {
  const { from, to } = placeOf(value);
  // As it was written: a revision may have more digits than a JavaScript number keeps.
  const wanted = value.type === "String" ? value.value : text.slice(from, to);
  if (wanted === "any" || wanted === "no-stream" || wanted === "stream-exists") return wanted;
  if (/^\d{1,19}$/.test(wanted)) return integer64(wanted);
  report({ from, to }, l10n.t("Enter any, no-stream, stream-exists, or the number of the stream's last event."));
  return undefined;
}

function idOf(value: ValueNode, report: Report): string | undefined {
  if (value.type === "String" && UUID.test(value.value)) return value.value;
  report(placeOf(value), l10n.t("This is no UUID, such as {0}.", crypto.randomUUID()));
  return undefined;
}

function metadataOf(text: string, value: ValueNode | undefined, report: Report): string | undefined {
  if (value === undefined) return "";
  if (value.type === "Object") return value.members.length === 0 ? "" : bodyOf(text, value, report);
  report(placeOf(value), l10n.t("Metadata is a JSON object, such as {0}.", "{}"));
  return undefined;
}

/** The value as it is stored: each token as it was written, so that numbers keep their digits, without space between them. */
function bodyOf(text: string, value: ValueNode, report: Report): string | undefined {
  const { from, to } = placeOf(value);
  const written = text.slice(from, to);
  if (isJsonText(written)) return [...tokensOf(written)].map((token) => token.text).join("");
  report(
    { from, to },
    l10n.t("What is stored has to be JSON: without comments, and without a comma at the end of a list."),
  );
  return undefined;
}
