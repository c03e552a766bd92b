import { type GroupName, keyOf } from "./group-target.ts";

/** Streams in which groups of one stream (or `$all`) keep their books; the names are the server's (spec 2.1). */
export const bookkeepingPrefix = (stream: string): string => `$persistentsubscription-${stream}::`;

export const checkpointStream = (name: GroupName): string => `$persistentsubscription-${keyOf(name)}-checkpoint`;
export const parkedStream = (name: GroupName): string => `$persistentsubscription-${keyOf(name)}-parked`;

/** All groups and their settings. */
export const CONFIG_STREAM = "$persistentSubscriptionConfig";
