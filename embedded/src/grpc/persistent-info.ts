import type { ConsumerInfo, GroupInfo } from "../persistent/group-info.ts";
import { placeText, startText, streamOf } from "../persistent/group-target.ts";
import type { Encodable } from "./wire/message.ts";
import type { subscriptionInfo } from "./wire/persistent.ts";

type SubscriptionInfo = Encodable<typeof subscriptionInfo>;
type ConnectionInfo = NonNullable<SubscriptionInfo["connections"]>[number];

/** A group's info as the protocol shows it; places are texts, empty where there is none (spec 2.6). */
export function subscriptionInfoOf(info: GroupInfo): SubscriptionInfo {
  const { target, group, start, settings } = info.config;
  const place = (at: number | undefined): string => (at === undefined ? "" : placeText(target.kind, at));
  return {
    eventSource: streamOf(target),
    groupName: group,
    status: info.status,
    connections: info.consumers.map(connectionInfoOf),
    averagePerSecond: info.averagePerSecond,
    totalItems: info.totalItems,
    countSinceLastMeasurement: info.countSinceLastMeasurement,
    lastCheckpointedEventPosition: place(info.lastCheckpoint),
    lastKnownEventPosition: place(info.lastKnown),
    resolveLinkTos: settings.resolveLinks,
    startFrom: startText(target.kind, start),
    messageTimeoutMilliseconds: settings.messageTimeout,
    extraStatistics: settings.extraStatistics,
    maxRetryCount: settings.maxRetryCount,
    liveBufferSize: settings.liveBufferSize,
    bufferSize: settings.historyBufferSize,
    readBatchSize: settings.readBatchSize,
    checkPointAfterMilliseconds: settings.checkpointAfter,
    minCheckPointCount: settings.minCheckpointCount,
    maxCheckPointCount: settings.maxCheckpointCount,
    readBufferCount: info.readBuffer,
    liveBufferCount: info.liveBuffer,
    retryBufferCount: info.retryBuffer,
    totalInFlightMessages: info.inFlight,
    outstandingMessagesCount: info.outstanding,
    namedConsumerStrategy: settings.consumerStrategy,
    maxSubscriberCount: settings.maxSubscriberCount,
    parkedMessageCount: info.parked,
  };
}

const connectionInfoOf = (consumer: ConsumerInfo): ConnectionInfo => ({
  from: consumer.from,
  username: consumer.username,
  averageItemsPerSecond: consumer.averagePerSecond,
  totalItems: consumer.totalItems,
  countSinceLastMeasurement: consumer.countSinceLastMeasurement,
  observedMeasurements: consumer.measurements,
  availableSlots: consumer.availableSlots,
  inFlightMessages: consumer.inFlight,
  connectionName: consumer.connectionName,
});
