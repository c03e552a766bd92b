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

/** The server counts time in units of 100 ns since the Unix epoch. */
const TICKS_PER_MILLISECOND = 10_000n;
/** What the server says where it does not know the place in the log: the largest unsigned number. */
const NO_POSITION = "18446744073709551615";

export function resolvedEventOf(wire: WireEvent): ResolvedEvent {
  const [event, link] = [wire.getEvent(), wire.getLink()];
  return { event: event && storedEventOf(event), link: link && storedEventOf(link) };
}

function storedEventOf(record: WireRecord): StoredEvent {
  const context = record.getMetadataMap();
  const position = record.getCommitPosition();
  return {
    id: record.getId()?.getString() ?? "",
    type: context.get("type") ?? "",
    isJson: context.get("content-type") === "application/json",
    data: record.getData_asU8(),
    metadata: record.getCustomMetadata_asU8(),
    stream: Buffer.from(record.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString("utf8"),
    revision: BigInt(record.getStreamRevision()),
    position: position === NO_POSITION ? undefined : BigInt(position),
    created: new Date(Number(BigInt(context.get("created") ?? "0") / TICKS_PER_MILLISECOND)),
  };
}
