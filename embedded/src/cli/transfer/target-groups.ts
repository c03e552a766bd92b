import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import {
  type createReq,
  persistentSubscriptionsService,
  type settings as settingsOf,
} from "../../grpc/wire/persistent.ts";
import type { Encodable } from "../../grpc/wire/message.ts";
import type { AllFilter } from "../../persistent/all-filter.ts";
import { checkpointStream } from "../../persistent/bookkeeping-streams.ts";
import { type GroupConfig, nameOf } from "../../persistent/group-config.ts";
import { keyOf, placeOf, placeText, streamOf } from "../../persistent/group-target.ts";
import { NO_DATA } from "../../log/record.ts";
import type { Connection } from "../../client/connection.ts";
import { AppendCall } from "./append-call.ts";
import { readStream } from "./log-reading.ts";
import { ForeignTargetError, ImportFailedError } from "./transfer-errors.ts";
import type { MovedGroup } from "./transfer-file.ts";

const LOOK_MS = 50;

/** What became of a group. */
export interface GroupReport {
  readonly group: string;
  /** The last place done with, as the target counts; undefined where nothing was done with. */
  readonly checkpoint: string | undefined;
}

/** What a group needs to be told. */
export interface GroupPlaces {
  /** The target's log position up to a mark. */
  upTo(mark: number): number;
  /** Called again and again while an index is not there yet; throws where it never will be. */
  waiting(stream: string): Promise<void>;
}

/** Makes groups on the target, each with what it has handled: its checkpoint is there before it is. */
export class TargetGroups {
  readonly #connection: Connection;
  readonly #signal: AbortSignal;

  constructor(connection: Connection, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
  }

  /** @throws ForeignTargetError where one of these is there already, with a checkpoint of its own. */
  async make(group: MovedGroup, places: GroupPlaces): Promise<GroupReport> {
    const key = keyOf(nameOf(group.config));
    const place = await this.#placeOf(group, places);
    const text = place === undefined ? undefined : placeText(group.config.target.kind, place);
    if (text !== undefined) await this.#writeCheckpoint(group.config, text);
    await this.#create(group.config);
    if (place !== undefined) await this.#verify(group.config, place);
    return { group: key, checkpoint: text };
  }

  async #placeOf({ checkpoint, config }: MovedGroup, places: GroupPlaces): Promise<number | undefined> {
    switch (checkpoint.kind) {
      case "none":
        return undefined;
      case "revision":
        return checkpoint.revision;
      case "mark": {
        const position = places.upTo(checkpoint.mark);
        return position < 0 ? undefined : position;
      }
      case "index":
        return this.#placeInIndex(streamOf(config.target), checkpoint, places);
    }
  }

  /** Waits for the entry; it has to lead where the source's led, or nobody knows what the group has handled. */
  async #placeInIndex(
    stream: string,
    { revision, link }: { readonly revision: number; readonly link: string },
    places: GroupPlaces,
  ): Promise<number> {
    for (;;) {
      for await (const entry of readStream(this.#connection, stream, revision, 1)) {
        const found = Buffer.from(entry.data).toString("utf8");
        // A link that leads nowhere is linked on as such, by no name.
        if (entry.revision === revision && (found === link || found.startsWith("-1@"))) return revision;
        throw new ImportFailedError(
          `${stream} has ${found} as its entry ${revision} on the target, where ${link} was expected: its index was made by other rules, or of other events. Import into a server that nobody has used.`,
        );
      }
      await places.waiting(stream);
      await sleep(LOOK_MS, undefined, { signal: this.#signal });
    }
  }

  async #writeCheckpoint(config: GroupConfig, text: string): Promise<void> {
    const stream = checkpointStream(nameOf(config));
    const event = {
      id: idOf(`${stream} ${text}`),
      type: "SubscriptionCheckpoint",
      isJson: true,
      data: Buffer.from(JSON.stringify(text)),
      metadata: NO_DATA,
    };
    const call = new AppendCall(this.#connection);
    try {
      await call.append(stream, -1, [event], () => {});
      await call.settled();
    } finally {
      call.close();
    }
  }

  async #create(config: GroupConfig): Promise<void> {
    const { create } = persistentSubscriptionsService.methods;
    try {
      await this.#connection.unary(persistentSubscriptionsService, create, { options: optionsOf(config) });
    } catch (error) {
      // By an import that was interrupted: the checkpoint says so, which can be nobody else's.
      if ((error as { readonly code?: number }).code !== status.ALREADY_EXISTS) throw error;
    }
  }

  async #verify(config: GroupConfig, place: number): Promise<void> {
    const { getInfo } = persistentSubscriptionsService.methods;
    const { subscriptionInfo } = await this.#connection.unary(persistentSubscriptionsService, getInfo, {
      options: {
        groupName: config.group,
        streamOption:
          config.target.kind === "all" ? { case: "all" } : { case: "streamIdentifier", value: config.target.stream },
      },
    });
    const found = placeOf(config.target.kind, subscriptionInfo?.lastCheckpointedEventPosition ?? "") ?? -1;
    // A group on `$all` passes at once over what its filter does not want.
    if (found < place) throw new ForeignTargetError(`group ${keyOf(nameOf(config))}, which stands at ${found}`);
  }
}

/** A UUID that is the same each time. */
function idOf(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function optionsOf({ target, group, start, settings }: GroupConfig): Encodable<typeof createReq>["options"] {
  const { consumerStrategy, messageTimeout, checkpointAfter, ...rest } = settings;
  const wire: Encodable<typeof settingsOf> = {
    ...rest,
    messageTimeout: { case: "messageTimeoutMs", value: messageTimeout },
    checkpointAfter: { case: "checkpointAfterMs", value: checkpointAfter },
    consumerStrategy,
  };
  if (target.kind === "stream") {
    const revisionOption =
      typeof start === "number" ? ({ case: "revision", value: start } as const) : ({ case: start } as const);
    return {
      groupName: group,
      settings: wire,
      streamOption: { case: "stream", value: { streamIdentifier: target.stream, revisionOption } },
    };
  }
  // A position of the source is no position of the target; there is a checkpoint in its place.
  const allOption = { case: start === "end" ? "end" : "start" } as const;
  return {
    groupName: group,
    settings: wire,
    streamOption: { case: "all", value: { allOption, filterOption: filterOf(target.filter) } },
  };
}

function filterOf(filter: AllFilter | undefined) {
  if (filter === undefined) return { case: "noFilter" } as const;
  const { on, by, values } = filter;
  const expression = by === "regex" ? { regex: values[0] ?? "" } : { prefix: values };
  return {
    case: "filter",
    value: {
      filter:
        on === "stream"
          ? ({ case: "streamIdentifier", value: expression } as const)
          : ({ case: "eventType", value: expression } as const),
      window: { case: "count" },
      checkpointIntervalMultiplier: 1,
    },
  } as const;
}
