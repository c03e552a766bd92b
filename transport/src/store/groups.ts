import {
  PersistentSubscriptionDoesNotExistError,
  PersistentSubscriptionExistsError,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from "@eventstore/db-client";
import { CALL_LIMIT, type Calls } from "./calls.ts";
import { persistent, PersistentSubscriptionsClient, shared, streamIdentifier } from "./generated.ts";
import type { QueueAddress } from "./queue-address.ts";

/** What can be chosen about a group; all else is the same for all groups of the transport. */
export interface GroupSettings {
  /** Milliseconds after which the server hands out again what was not settled. */
  readonly messageTimeout: number;
  /** Times the server hands a message out again before it parks it by itself. */
  readonly maxRetryCount: number;
}

/** A group as it is now. */
export interface GroupState extends GroupSettings {
  readonly resolvesLinks: boolean;
  /** Messages put aside. */
  readonly parked: number;
  /** Consumers that are connected. */
  readonly consumers: number;
  /** Messages handed out and not settled. */
  readonly inFlight: number;
  /** Revision in the queue up to which all is settled and recorded; undefined where nothing is yet. */
  readonly checkpoint: bigint | undefined;
  /** Revision of the last event of the queue that the group knows of; undefined where it knows of none. */
  readonly lastKnown: bigint | undefined;
}

/** The groups of consumers on a server. All throw ServerUnreachable and AccessRefused. */
export class Groups {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** The group as it is; undefined where there is none. */
  async find(address: QueueAddress): Promise<GroupState | undefined> {
    try {
      return stateOf(await this.#info(address));
    } catch (error) {
      if (error instanceof PersistentSubscriptionDoesNotExistError) return undefined;
      throw error;
    }
  }

  /** All groups on streams, in one call; those of others are among them. */
  async list(): Promise<readonly (QueueAddress & { readonly state: GroupState })[]> {
    const infos = await this.#calls.withStub(
      PersistentSubscriptionsClient,
      CALL_LIMIT,
      (stub, given) =>
        new Promise<readonly Info[]>((resolve, reject) => {
          stub.list(LIST_ALL, ...given, (error, answer) =>
            error === null ? resolve(answer.getSubscriptionsList()) : reject(error),
          );
        }),
    );
    return infos.map((info) => ({
      stream: info.getEventSource(),
      group: info.getGroupName(),
      state: stateOf(info),
    }));
  }

  /**
   * Makes a group that gets the originals of links.
   * @param from revision it begins at; default: the start of its stream.
   * @returns false where it is there already, and nothing is changed.
   */
  async create({ stream, group }: QueueAddress, settings: GroupSettings, from?: bigint): Promise<boolean> {
    try {
      await this.#calls.call((client) =>
        client.createPersistentSubscriptionToStream(stream, group, allSettings(settings, from)),
      );
      return true;
    } catch (error) {
      if (error instanceof PersistentSubscriptionExistsError) return false;
      throw error;
    }
  }

  /** Gives a group other settings. Drops its consumers, which connect again; its checkpoint stays (spec 2.2). */
  async update({ stream, group }: QueueAddress, settings: GroupSettings): Promise<void> {
    await this.#calls.call((client) =>
      client.updatePersistentSubscriptionToStream(stream, group, allSettings(settings)),
    );
  }

  /** Removes a group; its consumers are dropped. @returns false where there is none. */
  async remove({ stream, group }: QueueAddress): Promise<boolean> {
    try {
      await this.#calls.call((client) => client.deletePersistentSubscriptionToStream(stream, group));
      return true;
    } catch (error) {
      if (error instanceof PersistentSubscriptionDoesNotExistError) return false;
      throw error;
    }
  }

  /** Hands the messages that were put aside out again. */
  async replayParked(address: QueueAddress): Promise<void> {
    await this.#calls.withStub(
      PersistentSubscriptionsClient,
      CALL_LIMIT,
      (stub, given) =>
        new Promise<void>((resolve, reject) => {
          stub.replayParked(replayOf(address), ...given, (error) => (error === null ? resolve() : reject(error)));
        }),
    );
  }

  /** By the stub: the client's own method first asks what the server can do, without a deadline, and keeps a failure for ever. */
  async #info(address: QueueAddress) {
    const info = await this.#calls.withStub(
      PersistentSubscriptionsClient,
      CALL_LIMIT,
      (stub, given) =>
        new Promise<Info | undefined>((resolve, reject) => {
          stub.getInfo(infoOf(address), ...given, (error, answer) =>
            error === null ? resolve(answer.getSubscriptionInfo()) : reject(error),
          );
        }),
    );
    if (info === undefined) throw this.#calls.unreachable("It told nothing of a group.");
    return info;
  }
}

type Info = InstanceType<typeof persistent.SubscriptionInfo>;

const stateOf = (info: Info): GroupState => ({
  messageTimeout: info.getMessageTimeoutMilliseconds(),
  maxRetryCount: info.getMaxRetryCount(),
  resolvesLinks: info.getResolveLinkTos(),
  parked: Number(info.getParkedMessageCount()),
  consumers: info.getConnectionsList().length,
  inFlight: info.getTotalInFlightMessages(),
  checkpoint: revisionOf(info.getLastCheckpointedEventPosition()),
  lastKnown: revisionOf(info.getLastKnownEventPosition()),
});

const LIST_ALL = listAll();

function listAll(): InstanceType<typeof persistent.ListReq> {
  const options = new persistent.ListReq.Options();
  options.setListAllSubscriptions(new shared.Empty());
  const request = new persistent.ListReq();
  request.setOptions(options);
  return request;
}

function infoOf({ stream, group }: QueueAddress): InstanceType<typeof persistent.GetInfoReq> {
  const options = new persistent.GetInfoReq.Options();
  options.setStreamIdentifier(streamIdentifier(stream));
  options.setGroupName(group);
  const request = new persistent.GetInfoReq();
  request.setOptions(options);
  return request;
}

function replayOf({ stream, group }: QueueAddress): InstanceType<typeof persistent.ReplayParkedReq> {
  const options = new persistent.ReplayParkedReq.Options();
  options.setStreamIdentifier(streamIdentifier(stream));
  options.setGroupName(group);
  options.setNoLimit(new shared.Empty());
  const request = new persistent.ReplayParkedReq();
  request.setOptions(options);
  return request;
}

/** The server writes revisions as text, and none as an empty one. */
const revisionOf = (text: string): bigint | undefined => (text === "" ? undefined : BigInt(text));

const allSettings = ({ messageTimeout, maxRetryCount }: GroupSettings, from?: bigint) =>
  persistentSubscriptionToStreamSettingsFromDefaults({
    // A component gets what was sent before it was first deployed, too.
    startFrom: from ?? START,
    resolveLinkTos: true,
    messageTimeout,
    maxRetryCount,
    // From the last checkpoint on everything comes again after a crash: one message is worth a checkpoint, each second.
    checkPointAfter: 1_000,
    checkPointLowerBound: 1,
    checkPointUpperBound: 500,
    readBatchSize: 100,
    historyBufferSize: 1_000,
    liveBufferSize: 1_000,
  });
