import type { ParkedGroup, ParkedMessage } from "@sluice/transport/deploy";
import * as l10n from "@vscode/l10n";
import { localTime } from "../events/time.ts";
import { shortName } from "../events/short-name.ts";
import type { FailedRow } from "./failed-row.ts";

/** The command that shows all of a failed message. */
export const SHOW_FAILED_MESSAGE_COMMAND = "sluice.failedMessages.open";

/** The command that shows the next messages of a group. */
export const MORE_FAILED_MESSAGES_COMMAND = "sluice.failedMessages.more";

/** A component with its failure groups below, the largest first; undefined where nothing has failed. Pure. */
export function failedComponentRow(
  connectionId: string,
  component: string,
  groups: readonly ParkedGroup[],
): FailedRow | undefined {
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  if (count === 0) return undefined;
  return {
    id: `${connectionId} ${component}`,
    connectionId,
    component,
    count,
    label: component,
    description: countText(count),
    tooltip: [component, l10n.t("{0} failed messages that nobody has dealt with", count.toLocaleString())],
    icon: "warning",
    color: "list.warningForeground",
    contextValue: ";failed-component;",
    children: groups.map((group) => groupRow(connectionId, component, group)),
  };
}

function groupRow(
  connectionId: string,
  component: string,
  { failureGroup, count, firstFailedAt, lastFailedAt }: ParkedGroup,
): FailedRow {
  const [first, last] = [localTime(firstFailedAt), localTime(lastFailedAt)];
  const when = first === last ? first : l10n.t("{0} to {1}", first, last);
  const name = shortName(failureGroup);
  return {
    id: `${connectionId} ${component} ${failureGroup}`,
    connectionId,
    component,
    failureGroup,
    count,
    // Names of groups are long, and a narrow view cuts off what stands behind them.
    label: `${count.toLocaleString()} × ${name}`,
    description: when,
    spoken: [name, countText(count), when].join(", "),
    tooltip: [
      failureGroup,
      l10n.t("Messages: {0}", count.toLocaleString()),
      l10n.t("First failure: {0}", first),
      l10n.t("Last failure: {0}", last),
    ],
    icon: "bug",
    contextValue: ";failed-group;",
    children: "messages",
  };
}

/** A failed message. Pure. */
export function messageRow(group: FailedRow, parked: ParkedMessage): FailedRow {
  const { connectionId, component } = group;
  const { id, message, exception, attempts, replays } = parked;
  const last = localTime(parked.lastFailedAt);
  const row: Omit<FailedRow, "id" | "label" | "icon" | "contextValue"> = {
    connectionId,
    component,
    failureGroup: parked.failureGroup,
    parkedId: id,
    count: 1,
    description: [shortName(exception.message), last].filter((part) => part !== "").join(" · "),
    tooltip: [
      message?.type ?? l10n.t("The message is gone: its stream was truncated or deleted. It can only be archived."),
      `${exception.name}: ${exception.message}`,
      l10n.t("Last failure: {0}", last),
      l10n.t("Attempts: {0}", attempts),
      ...(replays === 0 ? [] : [l10n.t("Retried before: {0}", replays)]),
      ...(message === undefined ? [] : [l10n.t("Id: {0}", message.id)]),
    ],
  };
  return {
    ...row,
    id: `${group.id} ${id}`,
    label: message === undefined ? l10n.t("Message that is gone") : shortName(message.type),
    icon: message === undefined ? "circle-slash" : "mail",
    contextValue: message === undefined ? ";failed-message;gone;" : ";failed-message;there;",
    action: {
      title: l10n.t("Show Failed Message"),
      command: SHOW_FAILED_MESSAGE_COMMAND,
      arguments: [{ connectionId, component, failureGroup: parked.failureGroup, parkedId: id, count: 1 }],
    },
  };
}

/** Stands for the messages of a group that are not shown yet. Pure. */
export function moreRow(group: FailedRow, shown: number): FailedRow {
  const { id, connectionId, component, failureGroup, count } = group;
  return {
    id: `${id} more`,
    connectionId,
    component,
    count: 0,
    label: l10n.t("Load more…"),
    description: l10n.t("{0} of {1} are shown", shown.toLocaleString(), count.toLocaleString()),
    icon: "ellipsis",
    contextValue: ";more;",
    action: {
      title: l10n.t("Load more…"),
      command: MORE_FAILED_MESSAGES_COMMAND,
      arguments: [{ connectionId, component, failureGroup }],
    },
  };
}

const countText = (count: number): string =>
  count === 1 ? l10n.t("1 message") : l10n.t("{0} messages", count.toLocaleString());
