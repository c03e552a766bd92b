import type { Headers, HeaderValue } from "../messages/header-value.ts";
import { isHeaderValue } from "../messages/headers.ts";
import type { ExceptionDescription } from "../receive/describe-error.ts";
import { failureGroupOf } from "../receive/failure-group.ts";
import type { ParkReason } from "../receive/park-reason.ts";
import { metadataOf, type StoredEvent } from "../store/event.ts";

/** What stands in the parked stream about one message. */
export interface ParkedEntry {
  /** Of this parking; the same message parked again has another. */
  readonly id: string;
  /** Place in the parked stream. */
  readonly revision: bigint;
  /** Where the message is: a place in the queue, as `<revision>@<stream>`. */
  readonly place: string;
  readonly parkedAt: Date;
  readonly failureGroup: string;
  readonly exception: ExceptionDescription;
  /** Times it was handled in the last delivery. */
  readonly attempts: number;
  readonly delayedRetries: number;
  /** Times a person had it handled again before. */
  readonly replays: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
  /** What the policy that has parked it says of the failure. */
  readonly policyHeaders: Headers;
}

/**
 * Reads a link of the parked stream. Its metadata is the server's, and in it, behind the server's own words, the receiver's reason; where
 * the server parked it by itself, or somebody else did, there is only a text.
 */
export function parkedEntryOf(link: StoredEvent): ParkedEntry {
  const said: unknown = metadataOf(link).reason;
  const text = typeof said === "string" ? said : "";
  const reason = reasonIn(text);
  const exception = exceptionOf(reason, text);
  const parkedAt = link.created;
  return {
    id: link.id,
    revision: link.revision,
    place: Buffer.from(link.data).toString("utf8"),
    parkedAt,
    failureGroup:
      typeof reason?.failureGroup === "string"
        ? reason.failureGroup
        : failureGroupOf({ ...exception, name: exception.name }),
    exception,
    attempts: countOf(reason?.attempts),
    delayedRetries: countOf(reason?.delayedRetries),
    replays: countOf(reason?.replays),
    firstFailedAt: dateOf(reason?.firstFailedAt) ?? parkedAt,
    lastFailedAt: dateOf(reason?.lastFailedAt) ?? parkedAt,
    policyHeaders: policyHeadersOf(reason?.headers),
  };
}

type Said = { readonly [Name in keyof ParkReason]?: unknown };

function reasonIn(text: string): Said | undefined {
  const begin = text.indexOf("{");
  if (begin < 0) return undefined;
  try {
    const reason: unknown = JSON.parse(text.slice(begin));
    return typeof reason === "object" && reason !== null ? reason : undefined;
  } catch {
    return undefined;
  }
}

function exceptionOf(reason: Said | undefined, text: string): ExceptionDescription {
  const { name, message, stack }: Record<string, unknown> = Object(reason?.exception);
  if (typeof name !== "string") return { name: text.trim() || "Parked without a reason", message: text.trim() };
  return {
    name,
    message: typeof message === "string" ? message : "",
    ...(typeof stack === "string" ? { stack } : {}),
  };
}

const policyHeadersOf = (said: unknown): Headers =>
  Object.fromEntries(
    Object.entries(Object(said) as Readonly<Record<string, unknown>>).filter((entry): entry is [string, HeaderValue] =>
      isHeaderValue(entry[1]),
    ),
  );

const countOf = (said: unknown): number => (Number.isSafeInteger(said) ? Number(said) : 0);

function dateOf(said: unknown): Date | undefined {
  const date = new Date(typeof said === "string" ? said : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
