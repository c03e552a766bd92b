import type { ProjectionStatus } from "@sluice/transport/deploy";
import { durationText } from "../render/duration-text.ts";
import { oneLine } from "../terminal/printable.ts";
import type { Examination } from "./examination.ts";
import type { Finding } from "./finding.ts";

/** The first version whose server tells all that is asked of it here. */
const OLDEST = { year: 22, month: 10 };
/** Without these no message travels. */
const NEEDED = [
  "event_store.client.streams.streams/batchappend",
  "event_store.client.persistent_subscriptions.persistentsubscriptions/getinfo",
  "event_store.client.persistent_subscriptions.persistentsubscriptions/list",
  "event_store.client.projections.projections/create",
  "event_store.client.projections.projections/update",
];
/** Milliseconds; deferred messages go by the clocks of those who send and receive them. */
const MAX_SKEW = 5_000;

/** What is to be said of the server itself. Pure. */
export function serverFindings(examination: Examination): readonly Finding[] {
  return [
    ...versionFindings(examination),
    ...clockFindings(examination),
    ...rightsFindings(examination),
    ...byCategoryFindings(examination.observation.statuses),
    ...foreignFindings(examination),
  ];
}

const finding = (severity: Finding["severity"], text: string): Finding => ({ severity, about: "server", text });

function versionFindings({ version, methods }: Examination): readonly Finding[] {
  if (version === undefined || methods === undefined) {
    return [
      finding(
        "warning",
        "The server does not tell its version and what it can do. Sluice needs EventStoreDB 22.10 or newer.",
      ),
    ];
  }
  const [, year = 0, month = 0] = (/^(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
  const isOld = year > 0 && (year < OLDEST.year || (year === OLDEST.year && month < OLDEST.month));
  const missing = NEEDED.filter((method) => !methods.has(method));
  return [
    isOld
      ? finding("problem", `The server is of version ${version}. Take EventStoreDB 22.10 or newer.`)
      : finding("ok", `version ${version}`),
    ...(missing.length === 0
      ? [finding("ok", "offers all that is needed of it")]
      : [finding("problem", `The server does not offer ${missing.join(", ")}. Take EventStoreDB 22.10 or newer.`)]),
  ];
}

function clockFindings({ clock }: Examination): readonly Finding[] {
  if (clock === undefined) return [finding("note", "what time it is there the server does not tell")];
  const { ahead, uncertainty } = clock;
  if (Math.abs(ahead) - uncertainty <= MAX_SKEW) return [finding("ok", "its clock goes as this machine's")];
  const how = `${durationText(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"}`;
  return [
    finding(
      "problem",
      `The server's clock is ${how} this machine's. Let both follow a time server: deferred messages go by clocks.`,
    ),
  ];
}

function rightsFindings({
  observation: { statuses, seesGroups, components },
  parked,
  rights,
}: Examination): readonly Finding[] {
  const unseen = [
    ...(statuses === undefined ? ["projections"] : []),
    ...(seesGroups ? [] : ["groups"]),
    ...(statuses !== undefined && components.some(({ seesTexts }) => !seesTexts) ? ["texts of projections"] : []),
    ...([...parked.values()].includes(undefined) ? ["parked messages"] : []),
    ...([...rights.values()].includes(undefined) ? ["rights on streams"] : []),
  ];
  if (unseen.length === 0) return [finding("ok", "this login sees everything")];
  return [
    finding(
      "warning",
      `This login does not see ${unseen.join(", ")}, so nothing is said of them. Take one that is a member of $admins.`,
    ),
  ];
}

function byCategoryFindings(statuses: ReadonlyMap<string, ProjectionStatus> | undefined): readonly Finding[] {
  if (statuses === undefined) return [];
  const status = statuses.get("$by_category");
  if (status?.state === "running") return [finding("ok", "$by_category runs")];
  const how =
    status === undefined
      ? "is not there"
      : `does not run (${oneLine([status.status, status.reason].filter(Boolean).join(": "))})`;
  return [
    finding(
      "problem",
      `No message travels: $by_category ${how}. Start it: the server's options are RunProjections=All and StartStandardProjections.`,
    ),
  ];
}

/** Projections that are of no component and have faulted; what somebody has stopped is his. */
function foreignFindings({ observation: { statuses, components } }: Examination): readonly Finding[] {
  const own = new Set(components.flatMap(({ projections }) => projections.map(({ name }) => name)));
  return [...(statuses ?? [])]
    .filter(([name, { state }]) => state === "faulted" && !own.has(name) && name !== "$by_category")
    .map(([name, { reason }]) =>
      finding("warning", `The projection ${name}, of no component, has faulted: ${oneLine(reason)}`),
    );
}
