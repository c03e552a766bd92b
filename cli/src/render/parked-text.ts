import type { ParkedGroup, ParkedMessage, ParkedPage } from "@sluice/transport/deploy";
import type { Paint } from "../terminal/paint.ts";
import { oneLine, printable } from "../terminal/printable.ts";
import { bodyText } from "./body-text.ts";
import { tableText } from "./table-text.ts";

/** What is parked of a component. */
export interface ParkedOf {
  readonly component: string;
  readonly groups: readonly ParkedGroup[];
  /** A page of them, where one component was asked for. */
  readonly page?: ParkedPage;
}

/** Letters of an id that are shown. */
const SHORT = 8;
/** Letters of a reason that are shown in a list. */
const REASON = 100;

/** Parked messages as a person looks through them. Pure. */
export function parkedText(all: readonly ParkedOf[], paint: Paint): string {
  const some = all.filter(({ groups }) => groups.length > 0);
  if (some.length === 0) return "Nothing is parked.";
  return some.map((one) => componentText(one, paint)).join("\n\n");
}

function componentText({ component, groups, page }: ParkedOf, paint: Paint): string {
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const lines = [
    `${paint("bold", component)}: ${count} parked`,
    ...tableText(
      ["COUNT", "LAST FAILED", "FAILURE GROUP"],
      groups.map((group) => [String(group.count), timeText(group.lastFailedAt), oneLine(group.failureGroup)]),
      paint,
    ).map((line) => `  ${line}`),
  ];
  if (page === undefined) return lines.join("\n");
  const messages = page.messages.map(({ id, message, lastFailedAt, exception }) => [
    id.slice(0, SHORT),
    message === undefined ? "(gone)" : oneLine(message.type),
    timeText(lastFailedAt),
    cut(oneLine(`${exception.name}: ${exception.message}`)),
  ]);
  return [
    ...lines,
    "",
    ...tableText(["ID", "TYPE", "LAST FAILED", "WHY"], messages, paint).map((line) => `  ${line}`),
    ...(page.next === undefined ? [] : [`  and more: --from ${page.next}`]),
  ].join("\n");
}

const cut = (reason: string): string => (reason.length > REASON ? `${reason.slice(0, REASON - 1)}…` : reason);

/** All of a parked message. Pure. */
export function parkedMessageText(parked: ParkedMessage, paint: Paint): string {
  const { message, exception, attempts, delayedRetries, replays } = parked;
  const failure = [
    ["parked", `${parked.id}, ${timeText(parked.parkedAt)}`],
    ["failure group", oneLine(parked.failureGroup)],
    ["first failed", timeText(parked.firstFailedAt)],
    ["last failed", timeText(parked.lastFailedAt)],
    ["attempts", `${attempts}, after ${delayedRetries} delayed retries and ${replays} replays`],
  ];
  const head =
    message === undefined
      ? [["message", "gone from the server: it can only be archived"]]
      : [
          ["type", oneLine(message.type)],
          ["id", message.id],
          ["correlation", oneLine(message.correlationId)],
        ];
  const headers = Object.entries(message?.headers ?? {}).map(([name, value]) => [`  ${name}`, oneLine(String(value))]);
  return [
    ...tableText(undefined, [...head, ...failure], paint),
    "",
    paint("red", printable(exception.stack ?? `${exception.name}: ${exception.message}`)),
    "",
    ...(headers.length === 0 ? [] : [paint("dim", "headers"), ...tableText(undefined, headers, paint), ""]),
    ...(message === undefined ? [] : [paint("dim", "body"), bodyText(message.body, message.isJson)]),
  ].join("\n");
}

/** By the second; in UTC, as everything is that was recorded. */
export const timeText = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
