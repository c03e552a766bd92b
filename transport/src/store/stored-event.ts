import type { ResolvedEvent, StoredEvent } from "./event.ts";

/** A recorded event of the wire, whichever service sent it. */
interface WireRecord {
  getId(): { getString(): string } | undefined;
  getStreamIdentifier(): { getStreamName_asU8(): Uint8Array } | undefined;
  getStreamRevision(): string;
  getCommitPosition(): string;
  getMetadataMap(): { get(key: string): string | undefined };
  getCustomMetadata_asU8(): Uint8Array;
  getData_asU8(): Uint8Array;
}

interface WireEvent {
  getEvent(): WireRecord | undefined;
  getLink(): WireRecord | undefined;
}

/** The server counts time in units of 100 ns since the Unix epoch: four digits behind a millisecond. */
const DIGITS_BELOW_MILLISECOND = 4;
/** What the server says where it does not know the place in the log: the largest unsigned number. */
const NO_POSITION = 2n ** 64n - 1n;

/** When an event was stored, as the server says it; the epoch where it does not. */
export const createdOf = (ticks: string): Date => new Date(Number(ticks.slice(0, -DIGITS_BELOW_MILLISECOND)));

/** Undefined where the server does not know the place. */
export const positionOf = (said: bigint): bigint | undefined => (said === NO_POSITION ? undefined : said);

export function resolvedEventOf(wire: WireEvent): ResolvedEvent {
  const [event, link] = [wire.getEvent(), wire.getLink()];
  return { event: event && storedEventOf(event), link: link && storedEventOf(link) };
}

function storedEventOf(record: WireRecord): StoredEvent {
  const context = record.getMetadataMap();
  return {
    id: record.getId()?.getString() ?? "",
    type: context.get("type") ?? "",
    isJson: context.get("content-type") === "application/json",
    data: record.getData_asU8(),
    metadata: record.getCustomMetadata_asU8(),
    stream: Buffer.from(record.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString("utf8"),
    revision: BigInt(record.getStreamRevision()),
    position: positionOf(BigInt(record.getCommitPosition())),
    created: createdOf(context.get("created") ?? ""),
  };
}
