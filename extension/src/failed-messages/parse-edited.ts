import type { ObjectNode, ValueNode } from "@humanwhocodes/momoa";
import * as l10n from "@vscode/l10n";
import type { Connection } from "../connections/connection.ts";
import {
  type DocumentProblem,
  documentRoot,
  nameOf,
  placeOf,
  type Report,
  reporting,
} from "../documents/json-document.ts";
import { isJsonText } from "../events/json/is-json.ts";
import { tokensOf } from "../events/json/tokens.ts";
import { EDITED_KEYS, type EditedDraft, isOwnHeader } from "./edited-message.ts";

type Key = (typeof EDITED_KEYS)[number];

export interface ParsedEdited {
  /** Undefined where something is wrong. */
  readonly draft: EditedDraft | undefined;
  readonly problems: readonly DocumentProblem[];
}

/** Reads a draft, and says what is wrong with it and where. @param connections those that it may name */
export function parseEdited(text: string, connections: readonly Connection[]): ParsedEdited {
  const { problems, report } = reporting();
  const root = documentRoot(text, report);
  if (root !== undefined && root.type !== "Object") {
    report(placeOf(root), l10n.t("Write an object that has: {0}.", EDITED_KEYS.join(", ")));
  }
  const draft = root?.type === "Object" ? draftOf(text, root, connections, report) : undefined;
  return { draft: problems.some(({ severity }) => severity === "error") ? undefined : draft, problems };
}

function draftOf(
  text: string,
  root: ObjectNode,
  connections: readonly Connection[],
  report: Report,
): EditedDraft | undefined {
  const values = new Map<Key, ValueNode>();
  for (const member of root.members) {
    const key = EDITED_KEYS.find((one) => one === nameOf(member));
    if (key === undefined) {
      report(placeOf(member.name), l10n.t("A message has no such property. It has: {0}.", EDITED_KEYS.join(", ")));
    } else if (values.has(key)) report(placeOf(member.name), l10n.t('"{0}" stands here a second time.', key));
    else values.set(key, member.value);
  }
  const connectionId = connectionOf(values.get("connection"), root, connections, report);
  const component = textOf("component", values.get("component"), root, report);
  const parkedId = textOf("parked", values.get("parked"), root, report);
  const type = values.has("type") ? textOf("type", values.get("type"), root, report) : undefined;
  const headers = headersOf(values.get("headers"), report);
  const body = bodyOf(text, values, root, report);
  if (connectionId === undefined || component === undefined || parkedId === undefined || body === undefined) {
    return undefined;
  }
  return { connectionId, component, parkedId, type, headers, body };
}

function textOf(key: Key, value: ValueNode | undefined, root: ObjectNode, report: Report): string | undefined {
  if (value?.type === "String" && value.value !== "") return value.value;
  report(placeOf(value ?? root), l10n.t('"{0}" says which message this is in the place of. Leave it as it was.', key));
  return undefined;
}

function connectionOf(
  value: ValueNode | undefined,
  root: ObjectNode,
  connections: readonly Connection[],
  report: Report,
): string | undefined {
  const name = value?.type === "String" ? value.value : "";
  const [connection, another] = connections.filter((one) => one.name === name);
  if (connection === undefined) {
    const names = connections.map((one) => one.name).join(", ");
    report(placeOf(value ?? root), l10n.t("There is no connection of this name. There are: {0}.", names));
  } else if (another !== undefined) {
    report(placeOf(value ?? root), l10n.t("There are several connections of this name. Rename one of them."));
  } else if (connection.policy === "read-only") {
    // Said here, refused where policies are enforced.
    report(placeOf(value ?? root), l10n.t("Nothing is written through this connection: it is read-only."), "warning");
  }
  return connection?.id;
}

function headersOf(value: ValueNode | undefined, report: Report): EditedDraft["headers"] {
  const headers: Record<string, string | number | boolean> = {};
  if (value === undefined) return headers;
  if (value.type !== "Object") {
    report(placeOf(value), l10n.t("Headers are a JSON object, such as {0}.", "{}"));
    return headers;
  }
  for (const { name: node, value: said } of value.members) {
    const name = node.type === "String" ? node.value : node.name;
    if (isOwnHeader(name)) {
      report(
        placeOf(node),
        l10n.t("Headers that begin with $ or sluice. are the transport's own and stay as they are."),
      );
    } else if (said.type === "String" || said.type === "Number" || said.type === "Boolean") headers[name] = said.value;
    else report(placeOf(said), l10n.t("A header is a text, a number or true or false."));
  }
  return headers;
}

/** As it is stored: each token as it was written, so that numbers keep their digits, without space between them. */
function bodyOf(
  text: string,
  values: ReadonlyMap<Key, ValueNode>,
  root: ObjectNode,
  report: Report,
): EditedDraft["body"] | undefined {
  const [body, bytes] = [values.get("body"), values.get("bytes")];
  if (body !== undefined && bytes !== undefined) {
    report(placeOf(bytes), l10n.t('Write "body" or "bytes", not both.'));
    return undefined;
  }
  if (bytes !== undefined) return bytesOf(bytes, report);
  if (body === undefined) {
    const missing: Key = "body";
    report(placeOf(root), l10n.t('"{0}" is missing.', missing));
    return undefined;
  }
  const { from, to } = placeOf(body);
  const written = text.slice(from, to);
  if (body.type !== "Object" && body.type !== "Array") {
    report({ from, to }, l10n.t("The body of a message is a JSON object or array."));
  } else if (isJsonText(written)) return { json: [...tokensOf(written)].map((token) => token.text).join("") };
  else
    report(
      { from, to },
      l10n.t("What is stored has to be JSON: without comments, and without a comma at the end of a list."),
    );
  return undefined;
}

function bytesOf(value: ValueNode, report: Report): EditedDraft["body"] | undefined {
  const isBase64 =
    value.type === "String" && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value.value);
  if (isBase64) return { body: Uint8Array.from(Buffer.from(value.value, "base64")) };
  report(placeOf(value), l10n.t("These are no bytes in Base64."));
  return undefined;
}
