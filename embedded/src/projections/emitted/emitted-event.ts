import { tagMembers } from "../tags/format.ts";
import type { Tag } from "../tags/tag.ts";
import type { Cause } from "./cause.ts";

/** Something a projection writes, at a place of its source. */
export interface EmittedEvent {
  readonly type: string;
  readonly isJson: boolean;
  /** Undefined as long as it is not known: a link to what another stream is still to take. */
  readonly data: () => string | undefined;
  readonly tag: Tag;
  /** Further members of the metadata, as they are to be written, between tag and cause. */
  readonly metadata?: readonly (readonly [name: string, json: string])[];
  readonly cause?: Cause | undefined;
  /** Told once it has its number, on disk or on its way there; or the one under which it was recognized as written before. */
  readonly onNumbered?: (revision: number) => void;
  /** Told once it is on disk. */
  readonly onWritten?: () => void;
}

/** The metadata of an emitted event, its members in the server's order (spec 3.5). `version` is the text of `$v`. */
export function emittedMetadata(version: string, { tag, metadata = [], cause }: EmittedEvent): string {
  let text = `{"$v":"${version}",${tagMembers(tag)}`;
  let hasCorrelationId = false;
  for (const [name, json] of metadata) {
    if (name === "$causedBy") continue;
    if (name === "$correlationId") hasCorrelationId = true;
    text += `,${JSON.stringify(name)}:${json}`;
  }
  if (cause !== undefined) {
    text += `,"$causedBy":"${cause.id}"`;
    if (cause.correlationId !== undefined && !hasCorrelationId) text += `,"$correlationId":${cause.correlationId}`;
  }
  return `${text}}`;
}
