import type { ServerObservation } from "@sluice/transport/deploy";
import { queueStream } from "@sluice/transport/topology";
import * as l10n from "@vscode/l10n";
import { localTime } from "../events/time.ts";
import { OPEN_STREAM_COMMAND, type OpenStream } from "../stream-panel/open-stream.ts";
import { SHOW_FAILED_COMMAND, SHOW_PLAN_COMMAND } from "./component-commands.ts";
import type { ComponentRow, MakeRow } from "./component-row.ts";
import { type ComponentState, type ComponentStatus, isRepairable, isThere } from "./component-status.ts";
import { problemSentence, stateSentence, stateWord } from "./component-words.ts";
import { projectionRow } from "./projection-row.ts";

/** Where the rows are from. */
export interface Shown {
  readonly connectionId: string;
  readonly observed: ServerObservation;
  /** Failed messages by component, where they are known. */
  readonly failed: ReadonlyMap<string, readonly { readonly count: number }[]>;
}

/** A tooltip that is read. */
const MOST_REASONS = 5;

const LOOKS: Readonly<Record<ComponentState, { readonly icon: string; readonly color?: string }>> = {
  faulted: { icon: "error", color: "list.errorForeground" },
  "standing-still": { icon: "debug-pause", color: "list.warningForeground" },
  interrupted: { icon: "sync", color: "list.warningForeground" },
  missing: { icon: "circle-outline", color: "list.warningForeground" },
  drifted: { icon: "git-compare", color: "list.warningForeground" },
  unreadable: { icon: "question" },
  "only-on-server": { icon: "cloud" },
  deployed: { icon: "pass", color: "testing.iconPassed" },
};

/** A component, with all that belongs to it below. Pure. */
export function componentRow(status: ComponentStatus, shown: Shown): ComponentRow {
  const { name, state, declared, observed, plan, problems } = status;
  const { connectionId } = shown;
  const waiting = waitingOf(status);
  const failed = failedOf(status, shown);
  const changes = plan === undefined ? 0 : plan.steps.length + plan.removals.length;
  const there = isThere(observed);
  const described = [
    stateWord(state),
    ...(there && waiting !== undefined && waiting > 0 ? [waitingText(waiting)] : []),
    ...(there && failed !== undefined && failed > 0 ? [l10n.t("{0} failed", failed.toLocaleString())] : []),
  ];
  return {
    id: `${connectionId} ${name}`,
    connectionId,
    component: name,
    label: name,
    description: described.join(" · "),
    tooltip: [
      `${name}: ${stateWord(state)}`,
      stateSentence(state),
      ...notReadOf(declared),
      ...problems.map(problemSentence),
      ...(changes > 0 && there ? [l10n.t("What is declared would change {0} things on the server.", changes)] : []),
      ...(there && shown.observed.statuses === undefined
        ? [l10n.t("Whether its projections run is not known: it takes a login that is a member of $admins.")]
        : []),
    ],
    ...LOOKS[state],
    contextValue: [
      "",
      "component",
      there ? "there" : "absent",
      ...(declared === undefined ? [] : ["declared"]),
      ...(plan === undefined ? [] : ["planned"]),
      ...(plan !== undefined && (plan.steps.length > 0 || plan.open !== undefined) ? ["deployable"] : []),
      ...(plan !== undefined && plan.removals.length > 0 ? ["prunable"] : []),
      ...(isRepairable(status) ? ["repairable"] : []),
      "",
    ].join(";"),
    children: childrenOf(status, shown),
  };
}

/** What the sources do not say, and what helps. */
function notReadOf(declared: ComponentStatus["declared"]): readonly string[] {
  if (declared === undefined) return [];
  const { shape, unreadable = [], isStale = false } = declared;
  return [
    ...(isStale ? [l10n.t("Its source has errors: this is as it was before them. Mend them to go on.")] : []),
    ...(shape === undefined ? unreadable.slice(0, MOST_REASONS) : []),
    ...(shape === undefined
      ? [l10n.t("Write that out in the sources, or deploy it from the program itself by deploy().")]
      : []),
  ];
}

/**
 * Messages in the queue that nobody has settled, as far as the server has recorded it, which it does each second; undefined where that
 * is not known.
 */
export function waitingOf({ observed }: Pick<ComponentStatus, "observed">): number | undefined {
  const group = observed?.group;
  return group === undefined ? undefined : Number((group.lastKnown ?? -1n) - (group.checkpoint ?? -1n));
}

/** Failed messages that nobody has dealt with; undefined where that is not known. */
const failedOf = ({ name }: Pick<ComponentStatus, "name">, { failed }: Pick<Shown, "failed">): number | undefined =>
  failed.get(name)?.reduce((sum, { count }) => sum + count, 0);

const waitingText = (waiting: number): string => l10n.t("{0} waiting", waiting.toLocaleString());

function childrenOf(status: ComponentStatus, shown: Shown): readonly ComponentRow[] {
  const { name, observed, plan } = status;
  const row: MakeRow = (key, said) => ({
    id: `${shown.connectionId} ${name} ${key}`,
    connectionId: shown.connectionId,
    component: name,
    ...said,
  });
  const changes = plan === undefined ? 0 : plan.steps.length + plan.removals.length;
  const ran = observed?.deployed !== undefined || observed?.open !== undefined;
  return [
    ...(changes === 0
      ? []
      : [
          row("plan", {
            label: l10n.t("Plan"),
            description: changes === 1 ? l10n.t("1 change") : l10n.t("{0} changes", changes),
            icon: "diff",
            contextValue: ";plan;",
            action: {
              title: l10n.t("Show Plan"),
              command: SHOW_PLAN_COMMAND,
              arguments: [{ connectionId: shown.connectionId, component: name }],
            },
          }),
        ]),
    ...(isThere(observed) ? [queueRow(status, shown, row), failedRow(status, shown, row)] : []),
    ...(observed?.projections ?? []).map((projection) => projectionRow(projection, status, shown.observed, row)),
    ...subscriptionsRow(status, row),
    ...(ran
      ? [
          row("history", {
            label: l10n.t("Deployments"),
            icon: "history",
            contextValue: ";history;",
            children: "history",
          }),
        ]
      : []),
  ];
}

function queueRow(
  { name, observed }: ComponentStatus,
  { connectionId, observed: all }: Shown,
  row: MakeRow,
): ComponentRow {
  const group = observed?.group;
  const waiting = waitingOf({ observed }) ?? 0;
  const oldest = observed?.oldestWaiting;
  const stream = queueStream(name);
  const open: OpenStream = { connectionId, stream, isPreview: true };
  const described =
    group === undefined
      ? [all.seesGroups ? l10n.t("there is no group") : l10n.t("not known")]
      : [
          waiting > 0 ? waitingText(waiting) : l10n.t("empty"),
          ...(waiting > 0 && oldest !== undefined ? [l10n.t("since {0}", localTime(oldest))] : []),
          group.consumers === 0
            ? l10n.t("nobody receives")
            : group.consumers === 1
              ? l10n.t("1 receiver")
              : l10n.t("{0} receivers", group.consumers),
        ];
  return row("queue", {
    label: l10n.t("Queue"),
    description: described.join(" · "),
    tooltip: [
      stream,
      ...(group === undefined
        ? all.seesGroups
          ? []
          : [l10n.t("What waits is not known: it takes a login that is a member of $admins.")]
        : [
            l10n.t("Waiting: {0}, as far as the server has recorded what is handled", waiting.toLocaleString()),
            ...(oldest === undefined ? [] : [l10n.t("The oldest came {0}", localTime(oldest))]),
            l10n.t("Handed out and not settled yet: {0}", group.inFlight.toLocaleString()),
            l10n.t("Connections that receive: {0}", group.consumers),
            l10n.t("Handed out again after {0} ms", group.messageTimeout.toLocaleString()),
          ]),
    ],
    icon: "inbox",
    contextValue: ";queue;",
    action: { title: l10n.t("Browse Queue"), command: OPEN_STREAM_COMMAND, arguments: [open] },
  });
}

function failedRow(status: ComponentStatus, shown: Shown, row: MakeRow): ComponentRow {
  const { connectionId } = shown;
  const parked = failedOf(status, shown);
  return row("failed", {
    label: l10n.t("Failed messages"),
    description: parked === undefined ? l10n.t("not known") : parked === 0 ? l10n.t("none") : parked.toLocaleString(),
    icon: parked !== undefined && parked > 0 ? "warning" : "mail",
    ...(parked !== undefined && parked > 0 ? { color: "list.warningForeground" } : {}),
    tooltip: [l10n.t("Messages that no attempt could handle, in the order in which they were put aside")],
    contextValue: ";failed;",
    action: {
      title: l10n.t("Show Failed Messages"),
      command: SHOW_FAILED_COMMAND,
      arguments: [{ connectionId, component: status.name }],
    },
  });
}

/** What it subscribes to, deployed and declared side by side. */
function subscriptionsRow({ declared, observed }: ComponentStatus, row: MakeRow): readonly ComponentRow[] {
  const deployed = observed?.deployed?.filter?.subscriptions ?? {};
  const wanted = declared?.shape?.events;
  const patterns = [...new Set([...Object.keys(deployed), ...Object.keys(wanted ?? {})])].toSorted();
  if (patterns.length === 0) return [];
  const children = patterns.map((pattern) => {
    const subscription = Object.hasOwn(deployed, pattern) ? deployed[pattern] : undefined;
    const isWanted = wanted !== undefined && Object.hasOwn(wanted, pattern);
    const from = subscription?.from ?? (isWanted ? wanted[pattern] : undefined) ?? "now";
    const begin = from === "start" ? l10n.t("from the start") : l10n.t("from now on");
    const isAdded = subscription === undefined;
    const isDropped = wanted !== undefined && !isWanted;
    return row(`subscription ${pattern}`, {
      label: pattern,
      description: isAdded
        ? l10n.t("not deployed yet")
        : isDropped
          ? l10n.t("no longer declared")
          : l10n.t("since position {0}", subscription.since),
      tooltip: [pattern, isAdded ? begin : l10n.t("Deployed {0}, at log position {1}", begin, subscription.since)],
      icon: isAdded ? "diff-added" : isDropped ? "diff-removed" : "broadcast",
      contextValue: ";subscription;",
    });
  });
  return [
    row("subscriptions", {
      label: l10n.t("Subscriptions"),
      description: String(children.length),
      icon: "broadcast",
      contextValue: ";subscriptions;",
      children,
    }),
  ];
}
