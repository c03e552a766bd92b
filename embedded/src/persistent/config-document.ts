import type { AllFilter } from "./all-filter.ts";
import type { GroupConfig } from "./group-config.ts";
import { type GroupSettings, isConsumerStrategy } from "./group-settings.ts";
import { ALL, startOf, startText, streamOf } from "./group-target.ts";

/** The number a group on `$all` shows instead of a first revision: the smallest there is (golden `persistent-strategies/all-info-and-update`). */
const NO_REVISION = -(2 ** 63);

type Fields = Readonly<Record<string, unknown>>;

/** Which field of an entry says what, and what it means to leave it out: 0 or false, as the server does (corrections 2.1). */
const NUMBERS = {
  messageTimeout: "messageTimeout",
  maxRetryCount: "maxRetryCount",
  checkPointAfter: "checkpointAfter",
  minCheckPointCount: "minCheckpointCount",
  maxCheckPointCount: "maxCheckpointCount",
  maxSubscriberCount: "maxSubscriberCount",
  liveBufferSize: "liveBufferSize",
  readBatchSize: "readBatchSize",
  historyBufferSize: "historyBufferSize",
} as const satisfies Readonly<Record<string, keyof GroupSettings>>;

/** The data of a `$PersistentConfig` event: all groups as they are now (spec 2.1). */
export function encodeConfig(groups: Iterable<GroupConfig>, now: number, by: string): Uint8Array {
  const document = {
    version: "2",
    updated: new Date(now).toISOString(),
    updatedBy: by,
    entries: Array.from(groups, entryOf),
  };
  return Buffer.from(JSON.stringify(document));
}

/** The groups that a `$PersistentConfig` event holds; undefined where it is none. */
export function decodeConfig(data: Uint8Array): readonly GroupConfig[] | undefined {
  const document = fieldsOf(parse(data));
  if (!Array.isArray(document?.["entries"])) return undefined;
  return document["entries"].map(fieldsOf).flatMap((entry) => (entry === undefined ? [] : [configOf(entry)]));
}

function entryOf({ target, group, start, settings }: GroupConfig): Fields {
  const revision = target.kind === "all" ? NO_REVISION : Number(startText(target.kind, start));
  const entry: Record<string, unknown> = {
    stream: streamOf(target),
    group,
    startFrom: revision,
    startPosition: startText(target.kind, start),
    resolveLinkTos: settings.resolveLinks,
    extraStatistics: settings.extraStatistics,
    namedConsumerStrategy: settings.consumerStrategy,
    filter: target.kind === "all" && target.filter ? filterFields(target.filter) : undefined,
  };
  for (const [field, setting] of Object.entries(NUMBERS)) entry[field] = settings[setting];
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== 0 && value !== false));
}

function configOf(entry: Fields): GroupConfig {
  const stream = text(entry["stream"]);
  const kind = stream === ALL ? "all" : "stream";
  const strategy = text(entry["namedConsumerStrategy"]);
  const numbers = Object.fromEntries(
    Object.entries(NUMBERS).map(([field, setting]) => [setting, number(entry[field])]),
  ) as Pick<GroupSettings, (typeof NUMBERS)[keyof typeof NUMBERS]>;
  return {
    target: kind === "all" ? { kind, filter: filterOf(fieldsOf(entry["filter"])) } : { kind, stream },
    group: text(entry["group"]),
    start: startOf(kind, text(entry["startPosition"])),
    settings: {
      ...numbers,
      resolveLinks: entry["resolveLinkTos"] === true,
      extraStatistics: entry["extraStatistics"] === true,
      consumerStrategy: isConsumerStrategy(strategy) ? strategy : "RoundRobin",
    },
  };
}

function filterFields({ on, by, values }: AllFilter): Fields {
  return {
    context: on === "stream" ? "streamid" : "eventtype",
    type: by,
    data: values.join(","),
    isAllStream: true,
    // The server's own form cannot tell a comma in a prefix from one between two: such a filter would come back wider.
    ...(values.some((value) => value.includes(",")) && { prefixes: values }),
  };
}

function filterOf(fields: Fields | undefined): AllFilter | undefined {
  if (fields === undefined) return undefined;
  const by = fields["type"] === "regex" ? "regex" : "prefix";
  const data = text(fields["data"]);
  return {
    on: fields["context"] === "eventtype" ? "type" : "stream",
    by,
    values: by === "regex" ? [data] : (textsOf(fields["prefixes"]) ?? data.split(",")),
  };
}

function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString("utf8"));
  } catch {
    return undefined;
  }
}

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const textsOf = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : undefined;
const number = (value: unknown): number => (typeof value === "number" ? value : 0);
