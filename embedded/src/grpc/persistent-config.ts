import type { AllFilter } from "../persistent/all-filter.ts";
import { GroupFailedError } from "../persistent/errors.ts";
import type { GroupConfig } from "../persistent/group-config.ts";
import { type GroupSettings, isConsumerStrategy } from "../persistent/group-settings.ts";
import { ALL, type GroupName, type GroupTarget, type StartFrom, streamOf } from "../persistent/group-target.ts";
import { handlerException, unknown } from "./errors.ts";
import { LAST_UINT64 } from "./expectation.ts";
import { placeOf } from "./read.ts";
import type { Decoded } from "./wire/message.ts";
import type { createReq, settings } from "./wire/persistent.ts";
import type { Integer64 } from "./wire/scalars.ts";
import type { filterOptions } from "./wire/streams.ts";

type Options = NonNullable<Decoded<typeof createReq>["options"]>;
type AllOptions = Extract<Options["streamOption"], { case: "all" }>["value"];
type StreamOptions = Extract<Options["streamOption"], { case: "stream" }>["value"];
type Settings = Decoded<typeof settings>;

const TICKS_A_MILLISECOND = 10_000;

/** What a create or update asks for, in either of the protocol's two forms (spec 2.2). */
export function groupConfigOf(command: "Create" | "Update", options: Options | undefined): GroupConfig {
  if (options?.settings === undefined) throw handlerException();
  const { groupName: group, streamOption: option } = options;
  const target = targetOf(option, options.streamIdentifier ?? "");
  const name = { stream: streamOf(target), group };
  if (target.kind === "stream") refuseAll(command, target.stream);
  return {
    target,
    group,
    start: option?.case === "all" ? startOfAll(option.value.allOption) : startOfStream(option?.value, options.settings),
    settings: settingsOf(options.settings, name),
  };
}

/** The server goes astray where `$all` is given as a stream's name, and says so (corrections 2). */
export function refuseAll(command: "Create" | "Update" | "Delete", stream: string): void {
  if (stream !== ALL) return;
  const completed = `${command}PersistentSubscriptionTo`;
  throw unknown(
    `Envelope callback expected either ${completed}AllCompleted or NotHandled, received ${completed}StreamCompleted instead`,
  );
}

/** What a request that only names a group is about. */
export function groupNameOf(
  option: { readonly case: "all" } | { readonly case: "streamIdentifier"; readonly value: string } | undefined,
  group: string,
): GroupName {
  if (option === undefined) throw handlerException();
  return { stream: option.case === "all" ? ALL : option.value, group };
}

function targetOf(option: Options["streamOption"], oldForm: string): GroupTarget {
  if (option?.case !== "all") return { kind: "stream", stream: option?.value.streamIdentifier ?? oldForm };
  const { filterOption } = option.value;
  return { kind: "all", filter: filterOption?.case === "filter" ? filterOf(filterOption.value) : undefined };
}

function filterOf({ filter }: Decoded<typeof filterOptions>): AllFilter | undefined {
  if (filter === undefined) return undefined;
  const { regex, prefix } = filter.value;
  const on = filter.case === "streamIdentifier" ? "stream" : "type";
  if (regex !== "") return { on, by: "regex", values: [regex] };
  return prefix.length === 0 ? undefined : { on, by: "prefix", values: prefix };
}

function startOfAll(option: AllOptions["allOption"]): StartFrom {
  if (option === undefined) throw handlerException();
  if (option.case !== "position") return option.case;
  const place = placeOf(option.value);
  return place === "end" ? "end" : place.commit;
}

function startOfStream(options: StreamOptions | undefined, old: Settings): StartFrom {
  const option = options?.revisionOption;
  if (option === undefined) return startAt(old.revision);
  return option.case === "revision" ? startAt(option.value) : option.case;
}

const startAt = (revision: Integer64): StartFrom => (revision === LAST_UINT64 ? "end" : Number(revision));

function settingsOf(asked: Settings, name: GroupName): GroupSettings {
  const strategy = asked.consumerStrategy === "" ? asked.namedConsumerStrategy : asked.consumerStrategy;
  if (!isConsumerStrategy(strategy)) {
    throw new GroupFailedError(name, `Consumer strategy ${strategy} does not exist.`);
  }
  const { messageTimeout: timeout, checkpointAfter: after } = asked;
  return {
    resolveLinks: asked.resolveLinks,
    extraStatistics: asked.extraStatistics,
    messageTimeout: milliseconds(timeout?.value ?? 0, timeout?.case === "messageTimeoutTicks"),
    maxRetryCount: asked.maxRetryCount,
    checkpointAfter: milliseconds(after?.value ?? 0, after?.case === "checkpointAfterTicks"),
    minCheckpointCount: asked.minCheckpointCount,
    maxCheckpointCount: asked.maxCheckpointCount,
    maxSubscriberCount: asked.maxSubscriberCount,
    liveBufferSize: asked.liveBufferSize,
    readBatchSize: asked.readBatchSize,
    historyBufferSize: asked.historyBufferSize,
    consumerStrategy: strategy,
  };
}

const milliseconds = (time: Integer64, isTicks: boolean): number =>
  isTicks ? Math.trunc(Number(time) / TICKS_A_MILLISECOND) : Number(time);
